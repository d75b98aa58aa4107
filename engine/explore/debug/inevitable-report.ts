import { element, label, px } from "../../trace/svg/markup.ts";
import { STYLE } from "../../trace/svg/style.ts";
import { shortSeconds } from "../../trace/words/short-seconds.ts";

/** How often a run fails that is continued at random after so many steps of a failing one. */
export interface InevitablePoint {
  /** Steps that are as in the failing run. */
  readonly steps: number;
  /** The last of them; `null` for none. */
  readonly step: string | null;
  /** When that step ran, in seconds of virtual time. */
  readonly time: number;
  /** Continuations that failed in the same way. */
  readonly failures: number;
  /** Continuations in all. */
  readonly samples: number;
}

/** The step of a failing run after which the failure is likelier than not. */
export interface DecisiveStep {
  /** Its number, from 1. */
  readonly number: number;
  readonly step: string;
  /** When it ran, in seconds of virtual time. */
  readonly time: number;
  /** The share of continuations that fail from before it. */
  readonly before: number;
  /** The share of continuations that fail from after it. */
  readonly after: number;
}

const BAR = 20;
const HALF = 0.5;
/** Of the normal distribution, for 95 %. */
const Z = 1.96;
const shareOf = ({ failures, samples }: InevitablePoint): number => failures / samples;

/**
 * Whether more than half of all continuations fail, and not just of those that were drawn: the lower end of Wilson's
 * interval is above a half.
 */
function isLikely({ failures, samples }: InevitablePoint): boolean {
  const share = failures / samples;
  const middle = share + Z ** 2 / (2 * samples);
  const reach = Z * Math.sqrt((share * (1 - share) + Z ** 2 / (4 * samples)) / samples);
  return (middle - reach) / (1 + Z ** 2 / samples) > HALF;
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

const WIDTH = 720;
const HEIGHT = 260;
const LEFT = 52;
const TOP = 40;
const PLOT_WIDTH = WIDTH - LEFT - 24;
const PLOT_HEIGHT = HEIGHT - TOP - 44;

/** Result of {@link inevitable}: how likely the failure is from each step on. */
export class InevitableReport {
  /** The places that were looked at, in their order; the last is the end of the failing run. */
  readonly points: readonly InevitablePoint[];
  /** Steps of the failing run. */
  readonly length: number;
  /**
   * The step after which the failure is likelier than not, with 95 % confidence, and stays so; `null` if it is so from
   * the beginning.
   *
   * Where something else could have gone on instead of it, it is the last such step.
   */
  readonly decisive: DecisiveStep | null;
  /** The kind and the class of the failure. */
  readonly failure: string;

  constructor(
    points: readonly InevitablePoint[],
    run: { readonly steps: readonly string[]; readonly times: readonly number[] },
    failure: string,
  ) {
    this.points = points;
    this.length = run.steps.length;
    this.failure = failure;
    const last = points.findLastIndex((point) => point.steps < this.length && !isLikely(point));
    const [before, after] = [points[last], points[last + 1]];
    // Between two places where there is a choice, what runs is decided at the first.
    this.decisive =
      before === undefined || after === undefined
        ? null
        : {
            number: before.steps + 1,
            step: run.steps[before.steps]!,
            time: run.times[before.steps]!,
            before: shareOf(before),
            after: shareOf(after),
          };
  }

  /** As a table with a bar for each step, and a sentence about the step that decides. */
  toString(): string {
    const { decisive } = this;
    const marked = this.points.find(({ steps }) => decisive !== null && steps >= decisive.number);
    const rows = this.points.map((point) => {
      const share = shareOf(point);
      return [
        `${point === marked ? ">" : " "} ${point.steps}`,
        point.step ?? "(the beginning)",
        `${shortSeconds(point.time)} s`,
        percent(share),
        "#".repeat(Math.round(share * BAR)),
      ];
    });
    const head = ["  steps", "after", "time", "fails", ""];
    const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)));
    const line = (row: readonly string[]): string =>
      row
        .map((cell, i) => (i === 3 ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
        .join("  ")
        .trimEnd();
    return [line(head), ...rows.map(line), "", this._sentence()].join("\n");
  }

  /** The same as a picture: a line over the steps, with the step that decides marked. */
  toSvg(): string {
    const x = (steps: number): number => LEFT + (PLOT_WIDTH * steps) / Math.max(1, this.length);
    const y = (share: number): number => TOP + PLOT_HEIGHT * (1 - share);
    const line = this.points.map((point, i) => `${i === 0 ? "M" : "L"}${px(x(point.steps))} ${px(y(shareOf(point)))}`);
    const marked = this.decisive;
    const parts = [
      element("rect", { class: "ground", x: 0, y: 0, width: WIDTH, height: HEIGHT }),
      label(LEFT, 20, "title", "How likely the failure is, by the step from which the order is random"),
      ...[0, HALF, 1].flatMap((share) => [
        element("path", { class: "tick", d: `M${LEFT} ${px(y(share))}H${LEFT + PLOT_WIDTH}` }),
        label(LEFT - 6, y(share) + 4, "small faint end", percent(share)),
      ]),
      label(LEFT, HEIGHT - 24, "small faint", "0"),
      label(LEFT + PLOT_WIDTH, HEIGHT - 24, "small faint end", `${this.length} steps`),
      element("path", { class: "arrow wake", d: line.join("") }),
      ...(marked === null
        ? []
        : [
            element("path", { class: "bad", d: `M${px(x(marked.number))} ${TOP}V${TOP + PLOT_HEIGHT}` }),
            label(LEFT, HEIGHT - 8, "small", this._sentence()),
          ]),
    ];
    const size = { width: WIDTH, height: HEIGHT, viewBox: `0 0 ${WIDTH} ${HEIGHT}` };
    const content = `${STYLE}${parts.join("\n")}`;
    return `${element("svg", { xmlns: "http://www.w3.org/2000/svg", class: "simloop", role: "img", ...size }, content)}\n`;
  }

  private _sentence(): string {
    const marked = this.decisive;
    if (marked === null) {
      return `The failure is likelier than not from the beginning: ${percent(shareOf(this.points[0]!))} of random orders fail.`;
    }
    const { number, step, time, before, after } = marked;
    return `The failure becomes likelier than not with step ${number}, ${step}, at ${shortSeconds(time)} s: ${percent(before)} before it, ${percent(after)} after it.`;
  }
}
