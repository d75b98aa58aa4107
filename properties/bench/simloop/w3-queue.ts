import { gather, Queue } from "../../../engine/index.ts";
import { queuePingPong } from "../workloads/w3-queue.ts";
import { simulated, type Trace } from "./run-all.ts";

/** W3 in the given flavour; with tracing off, on or full. */
export function runQueuePingPong(scale: number, flavour: string, trace: Trace): Promise<string> {
  const items = queuePingPong.units(scale);
  function* plain(): Generator<unknown, string, unknown> {
    const queue = new Queue<number>(1);
    function* produce() {
      for (let i = 0; i < items; i++) yield* queue.put(i);
    }
    function* consume() {
      let sum = 0;
      for (let i = 0; i < items; i++) sum += yield* queue.get();
      return sum;
    }
    const [, sum] = yield* gather(produce(), consume());
    return String(sum);
  }
  async function* async(): AsyncGenerator<unknown, string, unknown> {
    const queue = new Queue<number>(1);
    async function* produce() {
      for (let i = 0; i < items; i++) yield* queue.put(i);
    }
    async function* consume() {
      let sum = 0;
      for (let i = 0; i < items; i++) sum += yield* queue.get();
      return sum;
    }
    const [, sum] = yield* gather(produce(), consume());
    return String(sum);
  }
  return simulated<string>(flavour.startsWith("agen") ? async : plain, trace);
}
