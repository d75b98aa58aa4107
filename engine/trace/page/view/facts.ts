import { showSeconds } from "../../words/duration.ts";
import type { RunModel } from "./run-model.ts";

/** The facts that the head of the page shows of each run. */
const FACTS: readonly (readonly [factOf: (run: RunModel) => string, words: (value: string) => string])[] = [
  [({ records }) => String(records.length), counted("event")],
  [({ timeline }) => String(timeline.lanes.filter(({ kind }) => kind === "task").length), counted("task")],
  [({ axis }) => String(axis.instants.length), counted("instant")],
  [(run) => showSeconds(run.timeOf(run.last)), String],
  [({ trace }) => JSON.stringify(trace.header.seed), (seed) => `seed ${seed}`],
  [({ trace }) => `${trace.header.start} ${trace.header.timeZone}`, (start) => `start ${start}`],
];

function counted(noun: string): (value: string) => string {
  return (count) => `${count} ${noun}${count === "1" ? "" : "s"}`;
}

/** A value that runs share, or that of each. */
const shared = (values: readonly string[]): string => [...new Set(values)].join(" / ");

/** What the runs are runs of. */
export const titleOf = (runs: readonly RunModel[]): string =>
  shared(runs.map(({ trace }) => trace.header.program ?? "simloop"));

/** The runs in a line: how long they are, and what they follow from. */
export const factsOf = (runs: readonly RunModel[]): string =>
  FACTS.map(([factOf, words]) => words(shared(runs.map(factOf)))).join(" · ");
