import { isNote, type TraceRecord } from "../../record.ts";
import { showSeconds } from "../../words/duration.ts";
import { said } from "../../words/narrator.ts";
import { byId, link, make } from "./elements.ts";
import type { PageData } from "./page-data.ts";
import type { RunModel } from "./run-model.ts";
import { visibleText } from "./visible-text.ts";

/** Digits of an exact time. */
const EXACT = 15;

/** Lines of the source that are shown above and below the one in question. */
const CONTEXT = 3;

/** What a record says, and its fields, for the panel at the side. */
export class Details {
  private readonly _element = byId("details");
  private readonly _data: PageData;
  private readonly _goTo: (at: number) => void;

  constructor(data: PageData, goTo: (at: number) => void) {
    this._data = data;
    this._goTo = goTo;
  }

  show(head: number): void {
    const { runs, names } = this._data;
    const tables: HTMLElement[] = [];
    const parts = runs.map((run, i) => {
      const part = make("div", i === 0 ? "" : "other");
      if (runs.length > 1) {
        part.append(make("p", "side", names[i] ?? ""));
      }
      part.append(...this._describe(run, head));
      tables.push(...part.querySelectorAll("table"));
      return part;
    });
    markDifferences(tables);
    this._element.replaceChildren(...parts);
  }

  private _describe(run: RunModel, at: number): Node[] {
    const record = run.records[at];
    const sentence = run.sentences[at];
    if (record === undefined || sentence === undefined) {
      return [make("p", "when", run.records.length === 0 ? "This run has no events." : "This run has ended.")];
    }
    const table = make("table", "", ...this._rows(run, record, at).map(([key, value]) => row(key, value)));
    const source = this._source(placeOf(run, at));
    return [
      make("h3", "", said(sentence)),
      make("p", "when", `event ${record.seq}, at ${showSeconds(record.time, EXACT)}`),
      table,
      ...(source === undefined ? [] : [source]),
    ];
  }

  private _rows(run: RunModel, record: TraceRecord, at: number): [string, Node | string][] {
    const rows: [string, Node | string][] = [["kind", record.kind]];
    const slice = sliceText(run, at);
    if (slice !== undefined) {
      rows.push(["lasts", slice]);
    }
    const cause = run.causeOf(at);
    const because = cause === undefined ? undefined : run.sentences[cause];
    if (cause !== undefined && because !== undefined) {
      const text = `${said(because)} (event ${run.records[cause]?.seq})`;
      rows.push(["because", link(text, "Go to what made this happen (C)", () => this._goTo(cause))]);
    }
    for (const [key, value] of Object.entries(isNote(record) ? record.detail : record)) {
      if (!["seq", "time", "kind", "place", "error"].includes(key)) {
        rows.push([key, nameOf(run, key, value)]);
      }
    }
    const place = placeOf(run, at);
    if (place !== undefined) {
      const copy = (): void => void navigator.clipboard?.writeText(place).catch(() => {});
      rows.push(["created at", link(place, "Copy this place", copy)]);
    }
    return rows;
  }

  /** The lines around a place in the source, if the page has them. */
  private _source(place: string | undefined): HTMLElement | undefined {
    const [, file = "", line = ""] = /^(.*?):(\d+)(?::\d+)?$/.exec(place ?? "") ?? [];
    const text = this._data.sources[file];
    if (text === undefined) {
      return undefined;
    }
    const lines = text.split("\n");
    const wanted = Number(line) - 1;
    const box = make("div", "source");
    for (let i = Math.max(0, wanted - CONTEXT); i < Math.min(lines.length, wanted + CONTEXT + 1); i++) {
      box.append(make("div", i === wanted ? "at" : "", make("span", "number", String(i + 1)), lines[i] ?? ""));
    }
    return box;
  }
}

/** Mark the rows that stand in one table and not in the other. */
function markDifferences(tables: readonly HTMLElement[]): void {
  const [a, b] = tables;
  if (a !== undefined && b !== undefined) {
    for (const [own, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const texts = new Set([...other.children].map((line) => line.textContent));
      for (const line of own.children) {
        line.classList.toggle("differs", !texts.has(line.textContent));
      }
    }
  }
}

function row(key: string, value: Node | string): HTMLElement {
  return make("tr", "", make("th", "", key), make("td", "", value));
}

/** The place in the source where the task was created that a record is about. */
function placeOf({ records, timeline }: RunModel, at: number): string | undefined {
  const record = records[at];
  if (record?.kind === "create") {
    return record.place;
  }
  return timeline.lanes[timeline.laneOf[at] ?? -1]?.place;
}

/** How long what began with a record lasts. */
function sliceText(run: RunModel, at: number): string | undefined {
  const lane = run.timeline.lanes[run.timeline.laneOf[at] ?? -1];
  const slice = lane?.starts.lastIndexOf(at) ?? -1;
  if (lane === undefined || slice < 0) {
    return undefined;
  }
  const end = lane.ends[slice]!;
  const state = lane.states[slice]!;
  const time = state === "running" ? "no time" : showSeconds(run.timeOf(end) - run.timeOf(at));
  return `${time}, ${state} until event ${run.records[end]?.seq}`;
}

/** A value, with the name of the task where it is the number of one. */
function nameOf({ timeline }: RunModel, key: string, value: unknown): string {
  const isId = ["task", "by", "target"].includes(key) && typeof value === "number";
  if (key === "when" && typeof value === "number") {
    return showSeconds(value, EXACT);
  }
  return isId && timeline.names.has(value) ? `${timeline.names.of(value)} (${value})` : visibleText(String(value));
}
