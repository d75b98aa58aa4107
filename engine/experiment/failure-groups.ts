import { type Signature, signatureKey, signatureOf } from "./signature.ts";

/** A run that failed. */
export interface FailedRun {
  /** The number of its setting in the plan. */
  readonly setting: number;
  readonly seed: number;
  /** Steps until it failed. */
  readonly steps: number;
  /** Virtual time at which it failed, in seconds. */
  readonly time: number;
  /** With exploration: the token that replays the order that failed. */
  readonly token?: string;
}

/** Failures with one signature. */
export interface FailureGroup extends Signature {
  /** How many runs failed so. */
  readonly count: number;
  /** The first in the order of the plan. Its message is that of the group. */
  readonly first: FailedRun;
  /** The one with the fewest steps. */
  readonly smallest: FailedRun;
  /** The one that fails earliest in virtual time. */
  readonly earliest: FailedRun;
}

const inPlan = (a: FailedRun, b: FailedRun): number => a.setting - b.setting || a.seed - b.seed;

const least = (a: FailedRun, b: FailedRun, measure: (run: FailedRun) => number): FailedRun =>
  (measure(a) - measure(b) || inPlan(a, b)) <= 0 ? a : b;

/** Failures by signature. */
export class FailureGroups {
  private readonly _groups = new Map<string, FailureGroup>();

  /** How many failures there were. */
  get count(): number {
    return [...this._groups.values()].reduce((sum, group) => sum + group.count, 0);
  }

  /** Add a run that failed with `error`, in an order of the given shape. */
  add(run: FailedRun, error: unknown, shape?: string): void {
    const signature = signatureOf(error);
    const frames = shape === undefined ? signature.frames : [...signature.frames, shape];
    this.addGroup({ ...signature, frames, count: 1, first: run, smallest: run, earliest: run });
  }

  /** Add failures with one signature. The result does not depend on the order of calls. */
  addGroup(group: FailureGroup): void {
    const key = signatureKey(group);
    const known = this._groups.get(key);
    if (known === undefined) {
      this._groups.set(key, group);
      return;
    }
    const leading = inPlan(known.first, group.first) <= 0 ? known : group;
    this._groups.set(key, {
      ...leading,
      count: known.count + group.count,
      smallest: least(known.smallest, group.smallest, ({ steps }) => steps),
      earliest: least(known.earliest, group.earliest, ({ time }) => time),
    });
  }

  /** The groups in the order of their first failures. */
  list(): readonly FailureGroup[] {
    return [...this._groups.values()].sort((a, b) => inPlan(a.first, b.first));
  }
}
