import { describeValue } from "../../base/describe.ts";
import { AlternatingReversals } from "./alternating-reversals.ts";
import { BoundedDelays } from "./delays.ts";
import { Exhaustive } from "./exhaustive.ts";
import { DefaultSchedule } from "./fifo.ts";
import { Mix } from "./mix.ts";
import { PriorityChanges } from "./pct.ts";
import { PartialOrderSampling } from "./pos.ts";
import { RandomWalk } from "./random.ts";
import { RandomPriority } from "./random-priority.ts";
import { Replay } from "./replay.ts";
import { ConflictReversal } from "./reversal.ts";
import type { Strategy, StrategyContext } from "./strategy.ts";
import { UniformWalk } from "./uniform-walk.ts";
import { VerifiedExhaustive } from "./verified-exhaustive.ts";

/** The strategies of an exploration. */
export type StrategyName =
  | "mix"
  | "sampling"
  | "fifo"
  | "random"
  | "priority"
  | "pct"
  | "pos"
  | "surw"
  | "urw"
  | "delays"
  | "reversal"
  | "exhaustive"
  | "replay";

/** What is to be known of a strategy beside how it chooses. */
export interface StrategyTraits {
  /** In a few words, for help and lists. */
  readonly about: string;
  /** Whether each of its runs depends on its number alone, so that a search can be divided among workers and shards. */
  readonly isDivisible: boolean;
  /** The strategy that does all parts of a divided search but the first, where that is another. */
  readonly laterParts?: StrategyName;
}

interface StrategyKind extends StrategyTraits {
  create(context: StrategyContext): Strategy;
}

const kinds: Readonly<Record<StrategyName, StrategyKind>> = {
  mix: {
    about: "reversals of conflicts in turn with random orders",
    isDivisible: true,
    laterParts: "sampling",
    create: (context) => new Mix(context),
  },
  sampling: {
    about: "the random orders of mix, without its reversals",
    isDivisible: true,
    create: (context) => new Mix(context, true),
  },
  fifo: { about: "the default schedule only", isDivisible: false, create: () => new DefaultSchedule() },
  random: { about: "any ready step", isDivisible: true, create: (context) => new RandomWalk(context) },
  priority: {
    about: "a random priority for each step",
    isDivisible: true,
    create: (context) => new RandomPriority(context),
  },
  pct: {
    about: "a random priority for each task, which changes at a few steps",
    isDivisible: true,
    create: (context) => new PriorityChanges(context),
  },
  pos: {
    about: "a random priority for each step, drawn again at conflicts",
    isDivisible: true,
    create: (context) => new PartialOrderSampling(context),
  },
  surw: {
    about: "all interleavings of the steps that touch one object, about equally likely",
    isDivisible: true,
    create: (context) => new UniformWalk(context, true),
  },
  urw: {
    about: "all interleavings of all steps, about equally likely",
    isDivisible: true,
    create: (context) => new UniformWalk(context, false),
  },
  delays: {
    about: "tasks run until they block, but for up to three places",
    isDivisible: true,
    create: (context) => new BoundedDelays(context),
  },
  reversal: {
    about: "conflicting steps the other way round, then pairs of such reversals, and so on",
    isDivisible: false,
    create: (context) => (context.isLabelled ? new ConflictReversal(context) : new AlternatingReversals(context, 2)),
  },
  exhaustive: {
    about: "every order that could matter, once each; for small programs",
    isDivisible: false,
    create: (context) =>
      context.isLabelled || !context.knowsTouches ? new Exhaustive(context) : new VerifiedExhaustive(context),
  },
  replay: { about: "the order of a token only", isDivisible: false, create: (context) => new Replay(context) },
};

/** The names of all strategies, the default first. */
export const strategyNames = Object.keys(kinds) as readonly StrategyName[];

export const isStrategyName = (name: unknown): name is StrategyName =>
  typeof name === "string" && Object.hasOwn(kinds, name);

/**
 * What is to be known of the strategy `name`, for help and to divide a search.
 *
 * @throws RangeError for an unknown name.
 */
export function strategyTraits(name: StrategyName): StrategyTraits {
  if (!isStrategyName(name)) {
    throw new RangeError(`strategyTraits: expected one of ${strategyNames.join(", ")}, got ${describeValue(name)}`);
  }
  const { create: _, ...traits } = kinds[name];
  return traits;
}

export const createStrategy = (name: StrategyName, context: StrategyContext): Strategy => kinds[name].create(context);
