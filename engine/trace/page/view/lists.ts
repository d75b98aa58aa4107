import { showSeconds } from "../../timeline/duration.ts";
import { type Sentence, subjectOf } from "../../words/narrator.ts";
import { byId, make } from "./elements.ts";
import type { OutputLine, RunModel } from "./run-model.ts";
import { VirtualList } from "./virtual-list.ts";

/** The lists beside the chart: what was printed, and all events in order. */
export class Lists {
  matches: ReadonlySet<number> = new Set();
  private readonly _run: RunModel;
  private readonly _output: VirtualList;
  private readonly _schedule: VirtualList;
  private _head = 0;

  constructor(run: RunModel, goTo: (at: number) => void) {
    this._run = run;
    const { output, records } = run;
    this._output = new VirtualList(
      byId("output"),
      output.length,
      (i, line) => this._renderOutput(i, line),
      (i) => goTo((output[i] as OutputLine).at),
    );
    this._schedule = new VirtualList(
      byId("schedule"),
      records.length,
      (i, line) => this._renderEvent(i, line),
      (i) => goTo(i),
    );
  }

  /** Follow the play head. */
  show(head: number): void {
    this._head = head;
    this._output.reveal(this._run.lineAt(head));
    this._schedule.reveal(head);
  }

  refresh(): void {
    this._output.refresh();
    this._schedule.refresh();
  }

  private _renderOutput(i: number, line: HTMLElement): void {
    const { output } = this._run;
    const { at, text } = output[i] as OutputLine;
    const isFirst = i === 0 || this._run.timeOf((output[i - 1] as OutputLine).at) !== this._run.timeOf(at);
    line.classList.toggle("future", at > this._head);
    line.classList.toggle("now", at === this._head);
    line.classList.toggle("match", this.matches.has(at));
    line.append(make("span", "time", isFirst ? showSeconds(this._run.timeOf(at)) : ""), text);
  }

  private _renderEvent(i: number, line: HTMLElement): void {
    const sentence = this._run.sentences[i] as Sentence;
    const isFirst = i === 0 || this._run.timeOf(i - 1) !== this._run.timeOf(i);
    line.classList.toggle("future", i > this._head);
    line.classList.toggle("now", i === this._head);
    line.classList.toggle("match", this.matches.has(i));
    const time = make("span", "time", isFirst ? showSeconds(this._run.timeOf(i)) : "");
    line.append(time, make("span", "who", subjectOf(sentence)), sentence.what);
  }
}
