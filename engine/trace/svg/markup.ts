/** Characters that XML cannot hold at all. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Signs for control characters, as Unicode has them. */
const CONTROL_PICTURES = 0x2400;

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** `text` as it stands in XML; a sign stands for a character that XML cannot hold. */
export const escapeXml = (text: string): string =>
  text
    .replace(LONE_SURROGATE, "\ufffd")
    .replace(FORBIDDEN, (found) =>
      found < " " ? String.fromCharCode(CONTROL_PICTURES + found.charCodeAt(0)) : "\ufffd",
    )
    .replace(/[&<>"]/g, (found) => ENTITIES[found]!);

/** A coordinate: hundredths of a pixel are enough. */
export const px = (number: number): string => String(Math.round(number * 100) / 100);

type Attributes = Readonly<Record<string, string | number>>;

/** An element; `content` is markup. */
export function element(name: string, attributes: Attributes, content = ""): string {
  const list = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? px(value) : escapeXml(value)}"`)
    .join("");
  return content === "" ? `<${name}${list}/>` : `<${name}${list}>${content}</${name}>`;
}

/** A text at a place; `content` is plain. */
export const label = (x: number, y: number, style: string, content: string): string =>
  element("text", { class: style, x, y }, escapeXml(content));

/** `text` with an ellipsis if it is longer than `most`. */
export const shorten = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, "")}…` : text;
