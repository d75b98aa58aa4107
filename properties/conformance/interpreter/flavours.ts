import { type Coroutine, CoroutineObject } from "simloop";
import type { Json, Op } from "../dsl/program.ts";
import { AsyncFlow } from "./async-flow.ts";
import type { Flow, Returned, Waited } from "./flow.ts";
import { PlainFlow } from "./plain-flow.ts";
import type { World } from "./world.ts";

/**
 * In which kind of generator a program is run: plain ones, async ones, or all kinds that call each other in all ways.
 */
export type Flavour = "plain" | "async" | "mixed";

/** All flavours. A program makes the same trace in each. */
export const FLAVOURS: readonly Flavour[] = ["plain", "async", "mixed"];

/** A flow whose bodies are coroutine objects, as `coroutine()` makes them. */
class WrappedFlow implements Flow {
  private readonly _inner: Flow;

  constructor(inner: Flow) {
    this._inner = inner;
  }

  main(begin: () => void, ops: readonly Op[]): Coroutine<Json> {
    return this._inner.main(begin, ops);
  }

  body(name: string, ops: readonly Op[]): CoroutineObject<Json> {
    return new CoroutineObject(name, this._inner.body(name, ops) as Coroutine<Json>);
  }

  block(ops: readonly Op[]): Coroutine<Returned | null> {
    return this._inner.block(ops);
  }

  attempt(op: Op): Coroutine<Returned | null> {
    return this._inner.attempt(op);
  }

  items(op: Op, args: readonly Waited[]): Coroutine<null> {
    return this._inner.items(op, args);
  }
}

function makeFlows(world: World, flavour: Flavour): Flow[] {
  const plain = new PlainFlow(world, false);
  const async = new AsyncFlow(world, false);
  switch (flavour) {
    case "plain":
      return [plain];
    case "async":
      return [async];
    case "mixed": {
      const bare = [new PlainFlow(world, true), new AsyncFlow(world, true)];
      return [plain, async, ...bare, new WrappedFlow(plain), new WrappedFlow(async)];
    }
  }
}

/** Provides each operation with the flow that runs its bodies. */
export function flowsFor(flavour: Flavour): (world: World, id: number) => Flow {
  let flows: readonly Flow[] = [];
  return (world, id) => {
    if (flows.length === 0) {
      flows = makeFlows(world, flavour);
    }
    // Neighbours in a program get different flows, and so do an operation and what it usually contains.
    return flows[(id * 7) % flows.length]!;
  };
}
