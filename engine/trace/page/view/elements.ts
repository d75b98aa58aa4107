/** The element with this id. */
export function byId<E extends HTMLElement = HTMLElement>(id: string): E {
  const element = document.getElementById(id);
  if (element === null) {
    throw new Error(`the page has no element #${id}`);
  }
  return element as E;
}

/** A new element with a class and children. */
export function make(tag: string, className: string, ...children: readonly (Node | string)[]): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  element.append(...children);
  return element;
}

/** A button that looks like a link. */
export function link(text: string, title: string, onClick: () => void): HTMLElement {
  const element = make("button", "link", text);
  element.title = title;
  element.addEventListener("click", onClick);
  return element;
}

/** Call `action` when the element with this id is clicked. */
export const onClick = (id: string, action: () => void): void => byId(id).addEventListener("click", action);
