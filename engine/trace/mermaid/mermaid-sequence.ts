import { describeValue } from "../../base/describe.ts";
import { NO_OPTIONS, optionNames, requireOptions } from "../../base/require-options.ts";
import { requireTrace, type Trace } from "../trace.ts";
import { taskNames } from "../words/names.ts";
import { collapse } from "./collapse.ts";
import { headAndTail } from "./head-and-tail.ts";
import { mermaidName } from "./mermaid-text.ts";
import { LOOP, OTHERS, overAll, type SequenceItem, SequenceItems } from "./sequence-items.ts";

/** How much a diagram may hold. */
export interface SequenceOptions {
  /** Most lines for events; the middle of a longer run is left out. 200 by default. */
  readonly maxEvents?: number;
  /** Most tasks with a life line of their own, the first; the others share one. 12 by default. */
  readonly maxTasks?: number;
}

const SEQUENCE_OPTIONS = optionNames<SequenceOptions>({ maxEvents: true, maxTasks: true });

/** So many times `maxEvents` events are searched for repetitions, which then take less room. */
const LOOK_AHEAD = 50;

/** Lines that belong together: one, or a box of them. */
interface Block {
  readonly lines: readonly string[];
  /** How many events it stands for. */
  readonly events: number;
}

/**
 * @param what - The function and the option, for the message.
 * @throws RangeError unless `value` is a positive integer.
 */
export function requireCount(what: string, value: number): number {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new RangeError(`${what}: expected a positive integer, got ${describeValue(value)}`);
  }
  return value;
}

function* itemsOf(trace: Trace, items: SequenceItems): Generator<SequenceItem, void, undefined> {
  for (const record of trace) {
    yield* items.add(record);
  }
}

/** The blocks for a stretch of items; what comes again stands once, in a box that says how often. */
const blocksOf = (items: readonly SequenceItem[]): Block[] =>
  collapse(items, (item) => item.timeless).flatMap(({ items: some, times }) =>
    times === 1
      ? some.map((item) => ({ lines: [`  ${item.text}`], events: 1 }))
      : [
          {
            lines: [`  loop ${times} times`, ...some.map((item) => `    ${item.timeless}`), "  end"],
            events: some.length * times,
          },
        ],
  );

/** As many blocks from the front as fill `room` lines. */
function fill(blocks: readonly Block[], room: number): number {
  let lines = 0;
  return blocks.findIndex((block) => {
    lines += block.lines.length;
    return lines > room;
  });
}

const sum = (blocks: readonly Block[]): number => blocks.reduce((total, { events }) => total + events, 0);

/** The lines of the first and the last blocks that have room, and between them how many events were left out. */
function shorten(first: readonly Block[], left: number, last: readonly Block[], room: number, over: string): string[] {
  const half = Math.ceil(room / 2);
  const all = left === 0 ? [...first, ...last] : first;
  if (left === 0 && fill(all, room) < 0) {
    return all.flatMap(({ lines }) => lines);
  }
  const backwards = (left === 0 ? [...all] : [...last]).reverse();
  const ahead = fill(all, half);
  const front = ahead < 0 ? all : all.slice(0, ahead);
  const behind = fill(backwards, room - half);
  const back = (behind < 0 ? backwards : backwards.slice(0, behind)).reverse();
  const missing = left + sum(first) + sum(last) - sum(front) - sum(back);
  return [
    ...front.flatMap(({ lines }) => lines),
    `  Note over ${over}: … ${missing} events left out …`,
    ...back.flatMap(({ lines }) => lines),
  ];
}

/**
 * A trace as a Mermaid sequence diagram: who creates and wakes whom, what tasks wait for, what they print, and when.
 *
 * What comes again and again stands once, with its number. Of a long run the middle is left out, and the diagram says
 * so.
 *
 * @throws TypeError for unknown options; RangeError unless each is a positive integer.
 */
export function toMermaidSequence(trace: Trace, options: SequenceOptions = NO_OPTIONS): string {
  requireTrace("toMermaidSequence", trace);
  requireOptions("toMermaidSequence", options, SEQUENCE_OPTIONS);
  const maxEvents = requireCount("toMermaidSequence: maxEvents", options.maxEvents ?? 200);
  const maxTasks = requireCount("toMermaidSequence: maxTasks", options.maxTasks ?? 12);
  const names = taskNames(trace);
  const ids = names.ids();
  const shown = ids.slice(0, maxTasks);
  const lifelines = new Map(shown.map((id) => [id, `T${id}`]));
  const items = new SequenceItems(names, lifelines);
  const { head, left, tail } = headAndTail(itemsOf(trace, items), maxEvents * LOOK_AHEAD, maxEvents);
  const body = shorten(blocksOf(head), left, blocksOf(tail), maxEvents, overAll(lifelines));
  const lines = ["sequenceDiagram"];
  if (items.usesLoop) {
    lines.push(`  participant ${LOOP} as the loop`);
  }
  for (const id of shown) {
    lines.push(`  participant T${id} as ${mermaidName(names.of(id))}`);
  }
  if (ids.length > shown.length) {
    lines.push(`  participant ${OTHERS} as ${ids.length - shown.length} other tasks`);
  }
  return `${[...lines, ...body].join("\n")}\n`;
}
