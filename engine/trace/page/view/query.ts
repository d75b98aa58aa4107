import { isNote, type TraceRecord } from "../../record.ts";
import { said } from "../../words/narrator.ts";
import type { RunModel } from "./run-model.ts";

/** Says of the record at a place whether it is wanted. */
type Test = (run: RunModel, at: number) => boolean;

const TERM = /(?:(host|kind|task):|(t)(>=|<=|>|<|=))?("[^"]*"?|\S+)/g;

const unquoted = (text: string): string => text.replace(/^"|"$/g, "");

/** A pattern with `*` for anything, for whole names, in small and large letters alike. */
function globOf(pattern: string): (text: string) => boolean {
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  const expression = new RegExp(`^${source}$`, "i");
  return (text) => expression.test(text);
}

/** The hosts that a record is about: that of its lane, and both ends of a link. */
function hostsOf(run: RunModel, at: number): string[] {
  const record = run.records[at]!;
  const { host, link } = isNote(record) ? record.detail : {};
  const lane = run.timeline.lanes[run.timeline.laneOf[at] ?? -1]?.host ?? "";
  return [lane, String(host ?? ""), ...String(link ?? "").split("→")];
}

/** The tasks that a record is about, or that did it. */
function tasksOf({ timeline }: RunModel, record: TraceRecord): string[] {
  const ids = ["task" in record ? record.task : 0, "by" in record ? record.by : 0];
  return ids.filter((id) => timeline.names.has(id)).map((id) => timeline.names.of(id));
}

const COMPARISONS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  ">": (a, b) => a > b,
  "<": (a, b) => a < b,
  ">=": (a, b) => a >= b,
  "<=": (a, b) => a <= b,
  "=": (a, b) => a === b,
};

function testOf(field: string | undefined, sign: string | undefined, value: string): Test {
  if (sign !== undefined) {
    const compare = COMPARISONS[sign]!;
    const limit = Number(value);
    return (run, at) => compare(run.timeOf(at), limit);
  }
  const isLike = globOf(value);
  switch (field) {
    case "host":
      return (run, at) => hostsOf(run, at).some((host) => host !== "" && isLike(host));
    case "task":
      return (run, at) => tasksOf(run, run.records[at]!).some(isLike);
    case "kind":
      return (run, at) => [run.records[at]!.kind, ...run.records[at]!.kind.split(".")].some(isLike);
    default: {
      const wanted = value.toLowerCase();
      return (run, at) => `${said(run.sentences[at]!)} ${run.records[at]!.kind}`.toLowerCase().includes(wanted);
    }
  }
}

/**
 * What a search looks for: words that must all occur, and terms that must all hold, such as
 * `host:n2 kind:dropped t>10 task:worker* "a phrase"`.
 *
 * @returns `null` for an empty query.
 */
export function parseQuery(query: string): Test | null {
  const tests = [...query.matchAll(TERM)].map(([, field, time, sign, value = ""]) =>
    testOf(field, time === undefined ? undefined : sign, unquoted(value)),
  );
  return tests.length === 0 ? null : (run, at) => tests.every((test) => test(run, at));
}
