import { BoundedDelays } from "./delays.ts";
import { Exhaustive } from "./exhaustive.ts";
import { PlainOrder } from "./fifo.ts";
import { Mix } from "./mix.ts";
import { PriorityChanges } from "./pct.ts";
import { PartialOrderSampling } from "./pos.ts";
import { RandomWalk } from "./random.ts";
import { RandomPriority } from "./random-priority.ts";
import { Replay } from "./replay.ts";
import { ConflictReversal } from "./reversal.ts";
import type { Strategy, StrategyContext } from "./strategy.ts";
import { UniformWalk } from "./uniform-walk.ts";

/** Who may choose the order in an exploration. */
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

const makers: Readonly<Record<StrategyName, (context: StrategyContext) => Strategy>> = {
  mix: (context) => new Mix(context),
  sampling: (context) => new Mix(context, true),
  fifo: () => new PlainOrder(),
  random: (context) => new RandomWalk(context),
  priority: (context) => new RandomPriority(context),
  pct: (context) => new PriorityChanges(context),
  pos: (context) => new PartialOrderSampling(context),
  surw: (context) => new UniformWalk(context, true),
  urw: (context) => new UniformWalk(context, false),
  delays: (context) => new BoundedDelays(context),
  reversal: (context) => new ConflictReversal(context, { everything: !context.isLabelled }),
  exhaustive: (context) => new Exhaustive(context),
  replay: (context) => new Replay(context),
};

/** The names of all strategies, the default first. */
export const strategyNames = Object.keys(makers) as readonly StrategyName[];

export const isStrategyName = (name: unknown): name is StrategyName =>
  typeof name === "string" && Object.hasOwn(makers, name);

export const createStrategy = (name: StrategyName, context: StrategyContext): Strategy => makers[name](context);
