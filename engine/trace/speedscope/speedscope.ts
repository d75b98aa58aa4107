import { type Stretch, TaskStates } from "../states/task-states.ts";
import { requireTrace, type Trace } from "../trace.ts";
import { taskNames } from "../words/names.ts";

const SCHEMA = "https://www.speedscope.app/file-format-schema.json";

/** Frames by their names, with the numbers that events refer to. */
class Frames {
  readonly all: { readonly name: string }[] = [];
  private readonly _numbers = new Map<string, number>();

  of(name: string): number {
    let number = this._numbers.get(name);
    if (number === undefined) {
      number = this.all.push({ name }) - 1;
      this._numbers.set(name, number);
    }
    return number;
  }
}

interface Profile {
  readonly from: number;
  /** Stretches that take time: a frame, its beginning and its end, in seconds. */
  readonly stretches: (readonly [frame: number, from: number, to: number])[];
}

const frameOf = ({ state, record }: Stretch<number>): string =>
  record.kind === "wait" ? `waits for ${record.on}` : state === "ready" ? "ready" : "running";

function profilesOf(trace: Trace, frames: Frames): { profiles: Map<number, Profile>; end: number } {
  const profiles = new Map<number, Profile>();
  const states = new TaskStates<number>();
  let end = 0;
  const add = (stretch: Stretch<number>): void => {
    const { task, from } = stretch;
    const profile = profiles.get(task) ?? { from, stretches: [] };
    profiles.set(task, profile);
    if (end > from) {
      profile.stretches.push([frames.of(frameOf(stretch)), from, end]);
    }
  };
  for (const record of trace) {
    end = record.time;
    if (record.kind === "create") {
      profiles.set(record.task, { from: record.time, stretches: [] });
    }
    const ended = states.add(record, record.time)?.ended;
    if (ended) {
      add(ended);
    }
  }
  states.end().forEach(add);
  return { profiles, end };
}

/**
 * A trace for speedscope.app: a profile for each task, with what it waited for in virtual seconds. "Left heavy" totals
 * the wait time by cause.
 *
 * @throws TypeError for what is not a trace.
 * @see speedscope's file format, profiles of type "evented"
 */
export function toSpeedscope(trace: Trace): string {
  requireTrace("toSpeedscope", trace);
  const { header } = trace;
  const names = taskNames(trace);
  const frames = new Frames();
  const { profiles, end } = profilesOf(trace, frames);
  const name = header.program ?? "simloop";
  return `${JSON.stringify({
    $schema: SCHEMA,
    name: `${name}, seed ${header.seed}`,
    exporter: `simloop ${header.engine}`,
    activeProfileIndex: 0,
    shared: { frames: frames.all },
    profiles: [...profiles].map(([task, { from, stretches }]) => ({
      type: "evented",
      name: names.of(task),
      unit: "seconds",
      startValue: from,
      endValue: Math.max(from, stretches.at(-1)?.[2] ?? end),
      events: stretches.flatMap(([frame, start, stop]) => [
        { type: "O", frame, at: start },
        { type: "C", frame, at: stop },
      ]),
    })),
  })}\n`;
}
