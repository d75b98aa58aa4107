import { setImmediate as immediate } from "node:timers/promises";
import type { Batch } from "./batches.ts";
import type { BatchResult } from "./do-batch.ts";
import type { BatchWorker } from "./workers.ts";

/** Result of a whole search. */
export interface SearchResult {
  readonly verdict: BatchResult["verdict"];
  readonly runs: number;
  readonly interleavings: number;
  /** The batch that failed, the first of them. */
  readonly failed: BatchResult | undefined;
  /** Labels that no batch reached. */
  readonly unreached: readonly string[];
  /** The batches that count, in order. */
  readonly batches: readonly BatchResult[];
}

/**
 * Let `workers` do `batches` until one fails. The result does not depend on the number of workers: of failed batches
 * the first counts, and of the others those before it.
 */
export async function search(
  batches: Iterator<Batch, void, void>,
  workers: readonly BatchWorker[],
  stop: AbortSignal,
  onDone: (result: BatchResult) => void = () => {},
): Promise<SearchResult> {
  const done: BatchResult[] = [];
  let isOver = false;
  const work = async (worker: BatchWorker): Promise<void> => {
    while (!isOver && !stop.aborted) {
      const next = batches.next();
      if (next.done === true) {
        return;
      }
      const result = await worker.run(next.value);
      done.push(result);
      onDone(result);
      // A batch may be too short for a turn of its own, and Ctrl-C and the end of the time have to get through.
      await immediate();
      // A search that sees the end, in whatever way, needs no further batch; those before this one are with others.
      isOver ||= result.verdict !== "ok" || result.note !== undefined;
    }
  };
  await Promise.all(workers.map(work));
  return summary(done.sort((a, b) => a.index - b.index));
}

function summary(done: readonly BatchResult[]): SearchResult {
  const last = done.findIndex(({ verdict, note }) => verdict !== "ok" || note !== undefined);
  const batches = last < 0 ? done : done.slice(0, last + 1);
  const interleavings = new Set(batches.flatMap((batch) => batch.interleavings));
  const failed = batches.find(({ failure }) => failure !== undefined);
  return {
    verdict: last < 0 ? "ok" : batches.at(-1)!.verdict,
    runs: batches.reduce((sum, { runs }) => sum + runs, 0),
    interleavings: interleavings.size,
    failed,
    unreached: unreachedIn(batches),
    batches,
  };
}

/**
 * What none of the batches reached. A batch that never came to a label does not know of it, so each may name others.
 */
function unreachedIn(batches: readonly BatchResult[]): string[] {
  const labels = new Set(batches.flatMap(({ unreached }) => unreached));
  const reached = new Set(batches.flatMap((batch) => batch.reached));
  return [...labels].filter((label) => !reached.has(label));
}
