import { requireFields } from "../../base/require-argument.ts";
import { shortSeconds } from "../../trace/words/short-seconds.ts";
import type { RaceCounts } from "../causality/race-coverage.ts";
import type { FailureKind } from "../run/failure.ts";
import type { StrategyName } from "../strategies/index.ts";
import type { Certificate } from "./certificate.ts";
import type { Deviation, Explanation } from "./explain.ts";

/** The smallest failing schedule that an exploration found. */
export interface Failure {
  /** In what way the run failed. */
  readonly kind: FailureKind;
  /** What the program or a check threw. */
  readonly error: unknown;
  /** Replays it: `await replay(main, token)`. */
  readonly token: string;
  /** In what it differs from the baseline run. */
  readonly deviations: readonly Deviation[];
  /** What was tried to find a smaller one. */
  readonly certificate: Certificate;
  /** Virtual time of the failure, in seconds. */
  readonly time: number;
  /** The last step before it. */
  readonly step: string;
  /** Which run failed first. */
  readonly run: number;
  /** The strategy that had chosen its order. */
  readonly strategy: string;
  /** Runs that shrinking took. */
  readonly replays: number;
  /** Where the failing run parts from the baseline run, as a picture, and the nearest run that passes. */
  readonly explanation: Explanation;
}

/** Result of an exploration. `String(report)` explains it. */
export class ExploreReport {
  /**
   * `"ok"`: no failure was found; `"failed"`; `"verified"`: an exhaustive search saw everything, and nothing failed.
   */
  readonly verdict: "ok" | "failed" | "verified";
  /** Executions of the search. */
  readonly runs: number;
  /**
   * All executions of the program: those of the search, of shrinking and of looking for smaller failures, and those
   * that make sure that it is pure.
   */
  readonly executions: number;
  /** Distinct interleavings seen: orders that differ only in steps which have nothing to do with each other are one. */
  readonly interleavings: number;
  /**
   * Of the pairs of steps that raced in the baseline run: how many there are, and how many were seen in both orders.
   */
  readonly races: RaceCounts;
  /** The smallest failing schedule, if there is any. */
  readonly failure: Failure | undefined;
  /** The strategy that was asked for. */
  readonly strategy: StrategyName;
  /** The seed of the program and of the search. */
  readonly seed: number | string;
  /** Labels of `sometimes` whose condition never held. */
  readonly unreached: readonly string[];
  /** @internal The other labels, to be merged with others. */
  readonly _reached: readonly string[];
  /** Something that one ought to know. */
  readonly note: string | undefined;
  /** @internal The interleavings by their hashes, to be merged with others. */
  readonly _interleavingHashes: ReadonlySet<number>;

  /** @internal */
  constructor(parts: {
    verdict: ExploreReport["verdict"];
    runs: number;
    executions: number;
    interleavings: number;
    races: RaceCounts;
    interleavingHashes: ReadonlySet<number>;
    strategy: StrategyName;
    seed: number | string;
    failure: Failure | undefined;
    reached: readonly string[];
    unreached: readonly string[];
    note: string | undefined;
  }) {
    requireFields("ExploreReport", "what an exploration found; explore() makes reports", parts, {
      verdict: "string",
      races: "object",
      reached: "array",
      unreached: "array",
    });
    this.verdict = parts.verdict;
    this.runs = parts.runs;
    this.executions = parts.executions;
    this.interleavings = parts.interleavings;
    this.races = parts.races;
    this.failure = parts.failure;
    this.strategy = parts.strategy;
    this.seed = parts.seed;
    this._reached = parts.reached;
    this.unreached = parts.unreached;
    this.note = parts.note;
    this._interleavingHashes = parts.interleavingHashes;
  }

  toString(): string {
    const lines = this.failure === undefined ? [this._success()] : this._explanation(this.failure);
    if (this.note !== undefined) {
      lines.push(`note: ${this.note}`);
    }
    if (this.unreached.length > 0) {
      lines.push(`never reached: ${this.unreached.join(", ")}`);
    }
    return lines.join("\n");
  }

  private _success(): string {
    const counts = `${count(this.runs, "run")}, ${count(this.interleavings, "distinct interleaving")}`;
    return this.verdict === "verified"
      ? `verified: no order fails (${counts})`
      : `ok: no failing order found in ${counts} (strategy ${this.strategy}, seed ${this.seed})`;
  }

  private _explanation(failure: Failure): string[] {
    const { certificate, token } = failure;
    const size = failure.deviations.length;
    const whole = failure.strategy === this.strategy ? "" : `strategy ${this.strategy}, `;
    const lines = failureLines(failure);
    lines.push(
      "",
      `found in run ${failure.run} by ${failure.strategy} (${whole}seed ${this.seed}), shrunk in ${count(failure.replays, "replay")}; ` +
        `${count(this.runs, "run")}, ${count(this.interleavings, "distinct interleaving")}`,
    );
    if (size > 0) {
      lines.push(certificateText(certificate));
    }
    lines.push(`replay token: ${token}`);
    return lines;
  }
}

/** What failed, and how its schedule differs from the baseline run. */
export function failureLines({
  kind,
  error,
  time,
  step,
  explanation,
}: Pick<Failure, "kind" | "error" | "time" | "step" | "explanation">): string[] {
  const { deviations, picture, nearestPassing } = explanation;
  const size = deviations.length;
  const where =
    size === 0 ? "already in the default schedule" : `in the default schedule but for ${count(size, "deviation")}`;
  const after = kind === "invariant" || kind === "eventually" ? `, after ${step}` : "";
  const lines = [`failed: ${kind} at ${shortSeconds(time)} s${after}, ${where}`, indent(errorText(error))];
  if (size > 0) {
    lines.push("", ...deviations.map(({ text }) => `  ${text}`));
    lines.push("", ...picture.map((line) => `  ${line}`), "", `  ${nearestPassing}`);
  }
  return lines;
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? "" : "s"}`;

function certificateText({ smallerSchedulesTried, isComplete }: Certificate): string {
  if (smallerSchedulesTried === 1) {
    return "the only schedule with fewer deviations, the default one, passes";
  }
  return `none of the ${isComplete ? "" : "first "}${smallerSchedulesTried} schedules with fewer deviations fails`;
}

const indent = (text: string): string => text.replace(/^/gm, "  ");

/** Name and message, and of a group of errors those of each as well. */
function errorText(error: unknown): string {
  if (!(error instanceof Error)) {
    return `thrown: ${String(error)}`;
  }
  const inner = error instanceof AggregateError ? error.errors.map((each) => `\n${indent(errorText(each))}`) : [];
  return `${error.name}: ${error.message}${inner.join("")}`;
}
