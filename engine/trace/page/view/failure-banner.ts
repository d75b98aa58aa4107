import type { PageFailure } from "../failure.ts";
import { byId, link, make } from "./elements.ts";
import { visibleText } from "./visible-text.ts";

/** Let the page say what failed: the error, how to see it again, and links to what the failing run does differently. */
export function showFailure({ error, token, command, marks = [] }: PageFailure, goTo: (mark: number) => void): void {
  const [first = "", ...rest] = visibleText(error).split("\n");
  const banner = byId("failure");
  banner.hidden = false;
  banner.append(make("h2", "", first));
  if (rest.length > 0) {
    banner.append(make("pre", "", rest.join("\n")));
  }
  if (marks.length > 0) {
    const items = marks.map(({ text }, i) => {
      const item = make("li", "");
      item.append(link(visibleText(text), "Go to this event", () => goTo(i)));
      return item;
    });
    banner.append(make("ol", "", ...items));
  }
  for (const [name, value] of [
    ["command", command],
    ["token", token],
  ] as const) {
    if (value !== undefined) {
      banner.append(copyLine(name, value));
    }
  }
}

function copyLine(name: string, value: string): HTMLElement {
  const copy = (): void => void navigator.clipboard?.writeText(value).catch(() => {});
  const line = make("p", "copy", make("span", "", `${name} `), make("code", "", visibleText(value)), " ");
  line.append(link("copy", `Copy the ${name}`, copy));
  return line;
}
