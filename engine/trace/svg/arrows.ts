import { BAR, type Layout } from "./layout.ts";
import { element, px } from "./markup.ts";

const TIP = 4;

/** More arrows than this would hide what they join. */
export const MOST_ARROWS = 600;

type ArrowOfLayout = Layout["timeline"]["arrows"][number];

/** The arrows whose both ends are shown. */
export const shownArrows = ({ timeline, yOf }: Layout): readonly ArrowOfLayout[] =>
  timeline.arrows.filter(({ fromLane, toLane }) => yOf.has(fromLane) && yOf.has(toLane));

/** An arrow with its tip: upright between lanes, slanted for what takes time, an arc on one lane. */
export function arrow({ kind, from, to, fromLane, toLane }: ArrowOfLayout, { x, yOf }: Layout): string {
  const [x1, y1, x2, y2] = [x(from), yOf.get(fromLane)!, x(to), yOf.get(toLane)!];
  if (fromLane === toLane) {
    const top = y1 - BAR / 2 - 2;
    const d = `M${px(x1)} ${px(y1 - 3)}Q${px((x1 + x2) / 2)} ${px(top - 4)} ${px(x2)} ${px(y1 - 3)}`;
    return element("path", { class: `arrow ${kind}`, d });
  }
  const down = y2 > y1 ? 1 : -1;
  const [startY, endY] = [y1 + (down * BAR) / 2, y2 - (down * BAR) / 2];
  const line = element("path", {
    class: `arrow ${kind}`,
    d: `M${px(x1)} ${px(startY)}L${px(x2)} ${px(endY - down * TIP)}`,
  });
  const tip = `M${px(x2)} ${px(endY)}l${-TIP + 1} ${-down * TIP * 1.5}h${2 * (TIP - 1)}z`;
  return line + element("path", { class: `tip-${kind}`, d: tip });
}
