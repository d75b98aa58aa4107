import { isObject, requireArgument } from "../../base/require-argument.ts";
import type { TraceRecord } from "../record.ts";
import { requireTrace, type Trace } from "../trace.ts";
import { taskNames } from "../words/names.ts";
import { Narrator, type Sentence, said } from "../words/narrator.ts";
import { formatTable } from "../words/table.ts";
import type { DiffSide, TraceDiff } from "./diff.ts";

/** Sentences for the records around a difference, by number: a narrator must hear a story from its beginning. */
function sentences(trace: Trace, wanted: readonly TraceRecord[]): Map<number, Sentence> {
  const numbers = new Set(wanted.map(({ seq }) => seq));
  const found = new Map<number, Sentence>();
  const narrator = new Narrator(taskNames(trace));
  for (const record of trace) {
    const sentence = narrator.tell(record);
    if (numbers.has(record.seq)) {
      found.set(record.seq, sentence);
      if (found.size === numbers.size) {
        break;
      }
    }
  }
  return found;
}

function formatRecords(mark: string, records: readonly TraceRecord[], texts: ReadonlyMap<number, Sentence>): string[] {
  return records.map(
    (record) => `${mark} ${String(record.seq).padStart(6)}  ${record.time} s  ${said(texts.get(record.seq)!)}`,
  );
}

const formatSide = (mark: string, name: string, { records }: DiffSide, trace: Trace): string[] =>
  records.length === 0 ? [`${mark} ${name} ends here`] : formatRecords(mark, records, sentences(trace, records));

const formatCauses = (where: string, { causes }: DiffSide, trace: Trace): string[] =>
  causes.length === 0
    ? []
    : ["", `what led there in ${where}, backwards:`, ...formatRecords(" ", causes, sentences(trace, causes))];

/**
 * A difference in words: where two traces part, what led there, what follows, and how many events of which kind they
 * have.
 */
export function formatDiff(diff: TraceDiff, left: Trace, right: Trace, names: readonly [string, string]): string {
  requireArgument("formatDiff", "what diffTraces() returns", isObject(diff) && "kinds" in diff, diff);
  requireTrace("formatDiff", left);
  requireTrace("formatDiff", right);
  const areNames = Array.isArray(names) && names.every((one) => typeof one === "string");
  requireArgument("formatDiff: names", "an array of two strings", areNames, names);
  const [a, b] = names;
  const lines = diff.header.map(
    ({ field, left: one, right: other }) =>
      `${field}: ${JSON.stringify(one)} in ${a}, ${JSON.stringify(other)} in ${b}`,
  );
  const { first } = diff;
  if (first === null) {
    return `${[...lines, `${a} and ${b} have the same events`].join("\n")}\n`;
  }
  lines.push(`${first.index} events are the same; then ${a} (-) and ${b} (+) part:`);
  lines.push("", ...formatRecords(" ", first.before, sentences(left, first.before)));
  lines.push(...formatSide("-", a, first.left, left), ...formatSide("+", b, first.right, right));
  if (JSON.stringify(first.left.causes) === JSON.stringify(first.right.causes)) {
    lines.push(...formatCauses("both", first.left, left));
  } else {
    lines.push(...formatCauses(a, first.left, left), ...formatCauses(b, first.right, right));
  }
  if (diff.kinds.length > 0) {
    const rows = diff.kinds.map(({ kind, left: one, right: other }) => [kind, String(one), String(other)]);
    const columns = ["events", a, b].map((title, i) => ({ title, align: i === 0 ? "left" : "right" }) as const);
    lines.push("", formatTable(columns, rows).trimEnd());
  } else {
    lines.push("", "events of each kind: as many in both");
  }
  return `${lines.join("\n")}\n`;
}
