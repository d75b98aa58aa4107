import { showSeconds } from "../../words/duration.ts";
import { subjectOf } from "../../words/narrator.ts";
import { byId, make } from "./elements.ts";
import type { RunModel } from "./run-model.ts";
import { VirtualList } from "./virtual-list.ts";
import { visibleText } from "./visible-text.ts";

/** A column of a panel: a list, under the name of its run where there are two. */
function column(panel: string, label: string, name: string): HTMLElement {
  const list = make("div", "list");
  list.tabIndex = 0;
  list.setAttribute("role", "list");
  list.setAttribute("aria-label", name === "" ? label : `${label} of ${name}`);
  byId(panel).append(make("div", "", ...(name === "" ? [] : [make("h4", "", name)]), list));
  return list;
}

/** The lists of one run beside the chart: what it printed, and all events in order. */
export class Lists {
  matches: ReadonlySet<number> = new Set();
  private readonly _run: RunModel;
  private readonly _output: VirtualList;
  private readonly _schedule: VirtualList;
  private _head = 0;

  /** @param name - Of the run, where there are two. */
  constructor(run: RunModel, name: string, goTo: (at: number) => void) {
    this._run = run;
    const { output, records } = run;
    this._output = new VirtualList(
      column("output", "Output", name),
      output.length,
      (i, line) => this._renderOutput(i, line),
      (i) => goTo(output[i]!.at),
    );
    this._schedule = new VirtualList(
      column("schedule", "Events", name),
      records.length,
      (i, line) => this._renderEvent(i, line),
      (i) => goTo(i),
    );
  }

  /** Follow the play head. */
  show(head: number): void {
    this._head = head;
    this._output.reveal(this._run.lineAt(head));
    this._schedule.reveal(Math.min(head, this._run.last));
  }

  refresh(): void {
    this._output.refresh();
    this._schedule.refresh();
  }

  private _mark(line: HTMLElement, at: number): void {
    line.classList.toggle("future", at > this._head);
    line.classList.toggle("now", at === this._head);
    line.classList.toggle("match", this.matches.has(at));
    if (at === this._head) {
      line.setAttribute("aria-current", "true");
    }
  }

  private _renderOutput(i: number, line: HTMLElement): void {
    const { output } = this._run;
    const { at, text } = output[i]!;
    const isFirst = i === 0 || this._run.timeOf(output[i - 1]!.at) !== this._run.timeOf(at);
    this._mark(line, at);
    line.append(make("span", "time", isFirst ? showSeconds(this._run.timeOf(at)) : ""), visibleText(text));
  }

  private _renderEvent(i: number, line: HTMLElement): void {
    const sentence = this._run.sentences[i]!;
    const isFirst = i === 0 || this._run.timeOf(i - 1) !== this._run.timeOf(i);
    this._mark(line, i);
    const time = make("span", "time", isFirst ? showSeconds(this._run.timeOf(i)) : "");
    line.append(time, make("span", "who", subjectOf(sentence)), sentence.what);
  }
}
