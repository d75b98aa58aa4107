import { isObject, requireArgument } from "../../base/require-argument.ts";
import { showSeconds } from "../words/duration.ts";
import { type Column, formatTable } from "../words/table.ts";
import type { CriticalPath } from "./critical-path.ts";

const DIGITS = 6;
const MAX_WIDTH = 100;

const column = (title: string, align: Column["align"]): Column => ({ title, align });

const pathColumns = [
  column("event", "right"),
  column("time", "right"),
  column("after", "right"),
  column("what", "left"),
  column("spent on", "left"),
];
const totalColumns = [column("spent on", "left"), column("times", "right"), column("total", "right")];

/**
 * A critical path as tables for a terminal, the first cause on top.
 *
 * @throws TypeError for what {@link criticalPath} did not return.
 */
export function formatPath(path: CriticalPath): string {
  requireArgument("formatPath", "what criticalPath() returns", isObject(path) && Array.isArray(path.steps), path);
  const rows = path.steps.map(({ seq, time, seconds, text, on }) => [
    String(seq),
    showSeconds(time, DIGITS),
    on === null ? "" : showSeconds(seconds, DIGITS),
    text,
    on ?? "",
  ]);
  const totals = path.totals.map(({ on, count, seconds }) => [on, String(count), showSeconds(seconds, DIGITS)]);
  const spent =
    totals.length === 0 ? "no virtual time passed on this path\n" : formatTable(totalColumns, totals, MAX_WIDTH);
  return `${formatTable(pathColumns, rows, MAX_WIDTH)}\n${spent}`;
}
