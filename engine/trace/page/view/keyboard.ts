/** Everything that a key may do, by the key. */
export type KeyActions = Readonly<Record<string, () => void>>;

const isTyped = (target: EventTarget | null): boolean => target instanceof HTMLInputElement && target.type === "search";

/** Bind keys to actions, except in text fields. */
export function listenToKeys(actions: KeyActions): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyped(event.target)) {
      return;
    }
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const action = actions[event.shiftKey && event.key.length > 1 ? `Shift ${key}` : key];
    const isButton = event.target instanceof HTMLButtonElement && (key === " " || key === "Enter");
    if (action !== undefined && !isButton && document.querySelector("dialog[open]") === null) {
      event.preventDefault();
      action();
    }
  });
}
