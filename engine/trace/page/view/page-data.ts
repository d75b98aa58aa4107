import { decodeTrace } from "../decode.ts";
import type { PageFailure } from "../failure.ts";
import type { EncodedTrace } from "../page-format.ts";
import { byId } from "./elements.ts";
import { longestPause, RunModel } from "./run-model.ts";

/** What the page was made with. */
export interface PageData {
  /** One run, or two to compare. */
  readonly runs: readonly RunModel[];
  readonly names: readonly [string, string];
  readonly sources: Readonly<Record<string, string>>;
  readonly failure: PageFailure | undefined;
}

const parse = <T>(id: string): T => JSON.parse(byId(id).textContent ?? "") as T;

/** Read what the page holds. */
export function readPageData(): PageData {
  const ids = ["run", ...(document.getElementById("other-run") === null ? [] : ["other-run"])];
  const traces = ids.map((id) => decodeTrace(parse<EncodedTrace>(id)));
  const pause = traces.length > 1 ? Math.max(...traces.map((trace) => longestPause(trace.records))) : 0;
  const { names, sources, failure } = parse<Pick<PageData, "names" | "sources" | "failure">>("page-options");
  const runs = traces.map((trace) => new RunModel(trace, pause));
  const span = {
    event: Math.max(...runs.map((run) => run.span.event)),
    time: Math.max(...runs.map((run) => run.span.time)),
  };
  for (const run of runs) {
    run.span = span;
  }
  return { runs, names, sources, failure };
}
