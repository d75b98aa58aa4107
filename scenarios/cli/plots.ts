/** Pictures for reports: SVG within the page, which needs neither scripts nor anything from elsewhere. */

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** `text` as markup. */
export const escaped = (text: unknown): string => String(text).replace(/[&<>"]/g, (found) => ENTITIES[found]!);

/** `value` with five digits. */
export const short = (value: number): string => (Number.isFinite(value) ? String(Number(value.toPrecision(5))) : "–");

const WIDTH = 720;
/** The plot lies between these. */
export const LEFT = 200;
export const RIGHT = WIDTH - 60;
const ROW = 24;

/** A label; `label` is markup. */
export const text = (x: number, y: number, label: string): string => `<text x="${x}" y="${y}">${label}</text>`;

/** A picture that stands by itself in a page. */
export const svg = (height: number, label: string, content: string): string =>
  `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(label)}">${content}</svg>\n`;

/** Maps values from `low` to `high` onto the plot. */
export const scaled =
  (low: number, high: number) =>
  (value: number): number =>
    LEFT + (high > low ? ((value - low) / (high - low)) * (RIGHT - LEFT) : (RIGHT - LEFT) / 2);

/** A mean with its interval; the ends are infinite where there is none. */
export interface IntervalRow {
  /** Markup. */
  readonly label: string;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Intervals below each other, on one scale. */
export function intervalPlot(title: string, estimates: readonly IntervalRow[]): string {
  const ends = estimates.flatMap(({ mean, low, high }) => [mean, low, high]).filter(Number.isFinite);
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  const x = scaled(least, most);
  const height = estimates.length * ROW + 30;
  const rows = estimates.map(({ label, mean, low, high }, i) => {
    const y = i * ROW + 14;
    const isKnown = Number.isFinite(high);
    const bar = isKnown ? `<line class="bar" x1="${x(low)}" x2="${x(high)}" y1="${y}" y2="${y}"/>` : "";
    const dot = `<circle class="dot" cx="${x(mean)}" cy="${y}" r="4"/>`;
    return text(0, y + 4, label) + bar + dot + text(x(isKnown ? high : mean) + 8, y + 4, short(mean));
  });
  const axis = `<line class="axis" x1="${LEFT}" x2="${RIGHT}" y1="${height - 20}" y2="${height - 20}"/>`;
  const marks = text(LEFT, height - 4, short(least)) + text(RIGHT - 50, height - 4, short(most));
  return svg(height, title, rows.join("") + axis + marks);
}
