import { diffTraces } from "../../compare/diff.ts";
import { formatDiff } from "../../compare/format-diff.ts";
import type { TraceRecord } from "../../record.ts";
import { showSeconds } from "../../words/duration.ts";
import { Chart } from "./chart.ts";
import { Details } from "./details.ts";
import { byId } from "./elements.ts";
import { factsOf, titleOf } from "./facts.ts";
import { showFailure } from "./failure-banner.ts";
import { failureIn } from "./failure-in.ts";
import { Lists } from "./lists.ts";
import type { PageData } from "./page-data.ts";
import { savePlace, type UrlPlace } from "./place-in-url.ts";
import { Player } from "./player.ts";
import { hideTip, listenToPointer } from "./pointer.ts";
import type { RunModel } from "./run-model.ts";
import type { AxisKind } from "./scene.ts";
import { Search } from "./search.ts";

const isTurn = (record: TraceRecord | undefined): boolean => record?.kind === "step" || record?.kind === "run";

/** The page: charts, panels, and the play head that they share. */
export class Page {
  readonly player = new Player(() => this.step(1));
  readonly search: Search;
  private readonly _data: PageData;
  private readonly _charts: readonly Chart[];
  private readonly _lists: readonly Lists[];
  private readonly _details: Details;
  private readonly _last: number;
  /** The first record that differs between two runs; -1 if there is none. */
  private _parting = -1;
  private _head = 0;
  private _frame = 0;

  constructor(data: PageData) {
    this._data = data;
    const goTo = (at: number): void => this.goTo(at);
    this._charts = data.runs.map((run, i) => new Chart(run, byId<HTMLCanvasElement>(i === 0 ? "chart-a" : "chart-b")));
    this._last = Math.max(...data.runs.map((run) => run.last));
    this.search = new Search(data.runs);
    this._lists = data.runs.map((run, i) => new Lists(run, data.runs.length === 1 ? "" : data.names[i]!, goTo));
    this._details = new Details(data, goTo);
    this._describe();
    if (data.runs.length > 1) {
      this._compare();
    }
    this._showFailure();
    for (const chart of this._charts) {
      listenToPointer(chart, { goTo, changed: (which) => this._follow(which) });
      new ResizeObserver(() => {
        chart.resize();
        this._repaint();
      }).observe(chart.canvas);
      chart.resize();
    }
    this.setAxis("event");
    this._show();
  }

  get head(): number {
    return this._head;
  }

  /** Move the play head to a record, and show it. */
  goTo(at: number): void {
    this._charts.forEach(hideTip);
    this._head = Math.max(0, Math.min(this._last, at));
    for (const chart of this._charts) {
      chart.reveal(Math.min(this._head, chart.model.last));
    }
    this._show();
  }

  /** Move by so many events; false at the end. */
  step(events: number): boolean {
    const before = this._head;
    this.goTo(before + events);
    return this._head !== before;
  }

  /** Move to the next or the previous step of a task or callback. */
  turn(direction: 1 | -1): void {
    let at = this._head + direction;
    while (at > 0 && at < this._last && !this._data.runs.some(({ records }) => isTurn(records[at]))) {
      at += direction;
    }
    this.goTo(at);
  }

  goToEnd(): void {
    this.goTo(this._last);
  }

  goToCause(): void {
    // Of two runs the second is the one to be explained.
    for (const run of [...this._data.runs].reverse()) {
      const cause = this._head > run.last ? undefined : run.causeOf(this._head);
      if (cause !== undefined) {
        this.goTo(cause);
        return;
      }
    }
  }

  goToDifference(): void {
    if (this._parting >= 0) {
      this.goTo(this._parting);
    }
  }

  goToMatch(isBackward: boolean): void {
    const at = this.search.next(this._head, isBackward);
    if (at !== undefined) {
      this.goTo(at);
    }
  }

  find(query: string): void {
    this.search.find(query);
    for (const [i, matches] of this.search.matches.entries()) {
      this._charts[i]!.matches = matches;
      this._lists[i]!.matches = new Set(matches);
      this._lists[i]!.refresh();
    }
    this.search.show(this._head);
    this._repaint();
  }

  setAxis(axis: AxisKind): void {
    for (const chart of this._charts) {
      chart.setAxis(axis);
    }
    byId("by-event").setAttribute("aria-pressed", String(axis === "event"));
    byId("by-time").setAttribute("aria-pressed", String(axis === "time"));
    this._repaint();
  }

  toggleAxis(): void {
    this.setAxis(this._charts[0]?.axis === "event" ? "time" : "event");
  }

  zoom(factor: number): void {
    this._onView((chart) => {
      const x = chart.view.x(chart.positions[Math.min(this._head, chart.model.last)] ?? 0);
      chart.view.zoom(factor, x >= 0 && x <= chart.view.width ? x : chart.view.width / 2);
    });
  }

  pan(part: number): void {
    this._onView((chart) => chart.view.pan(part * chart.view.width));
  }

  fit(): void {
    this._onView((chart) => chart.view.fit());
  }

  scroll(pixels: number): void {
    this._onView((chart) => chart.scrollBy(pixels));
  }

  refreshColours(): void {
    for (const chart of this._charts) {
      chart.refreshColours();
    }
    this._repaint();
  }

  /** Go to the place that the URL of the page names. */
  goToPlace({ event, filter, range }: UrlPlace): void {
    const { runs } = this._data;
    const placeOf = (seq: number): number | undefined =>
      runs.map((run) => run.placeOf(seq)).find((place) => place !== undefined);
    if (filter !== undefined) {
      byId<HTMLInputElement>("search").value = filter;
      this.find(filter);
    }
    const [from, to] = (range ?? []).map(placeOf);
    if (from !== undefined && to !== undefined) {
      this._onView((chart) => chart.showRange(from, to));
    }
    const at = event === undefined ? undefined : placeOf(event);
    if (at !== undefined) {
      this.goTo(at);
    }
  }

  /** What a link to the present state of the page has to name. */
  private _place(): UrlPlace {
    const longest = this._data.runs.reduce((a, b) => (b.last > a.last ? b : a));
    const chart = this._charts[this._data.runs.indexOf(longest)]!;
    const [from, to] = chart.range;
    const numberOf = (at: number): number => longest.records[at]?.seq ?? 1;
    const isWhole = from === 0 && to >= longest.last;
    return {
      event: numberOf(this._head),
      filter: this.search.query,
      ...(isWhole ? {} : { range: [numberOf(from), numberOf(to)] as const }),
    };
  }

  private _onView(change: (chart: Chart) => void): void {
    for (const chart of this._charts) {
      hideTip(chart);
      change(chart);
    }
    this._repaint();
  }

  /** Show the same part of the other run. */
  private _follow(leader: Chart): void {
    for (const chart of this._charts) {
      if (chart !== leader) {
        chart.view.origin = leader.view.origin;
        chart.view.scale = leader.view.scale;
      }
    }
    this._repaint();
  }

  private _describe(): void {
    const { runs } = this._data;
    const facts = factsOf(runs);
    byId("title").textContent = titleOf(runs);
    byId("facts").textContent = facts;
    byId("facts").title = facts;
    byId<HTMLInputElement>("head").max = String(this._last);
  }

  private _compare(): void {
    const { runs, names } = this._data;
    const [a, b] = runs as readonly [RunModel, RunModel];
    const diff = diffTraces(a.trace, b.trace);
    this._parting = diff.first?.index ?? -1;
    byId("second").hidden = false;
    for (const [id, name] of [
      ["name-a", names[0]],
      ["name-b", names[1]],
    ] as const) {
      byId(id).textContent = name;
      byId(id).title = name;
    }
    byId("tab-difference").hidden = false;
    byId("difference").textContent = formatDiff(diff, a.trace, b.trace, names);
    this._head = Math.max(0, this._parting);
  }

  /** Show the failure that the page is about, mark what the failing run does differently, and begin there. */
  private _showFailure(): void {
    const { failure, runs } = this._data;
    if (failure === undefined) {
      return;
    }
    const places = (failure.marks ?? []).map(({ records }) => runs.map((run, i) => run.placeOf(records[i])));
    for (const [i, chart] of this._charts.entries()) {
      chart.marks = places.map((each) => each[i]).filter((at) => at !== undefined);
    }
    showFailure(failure, (mark) => {
      const [first, second] = places[mark] ?? [];
      this.goTo(second ?? first ?? this._head);
    });
    if (runs.length === 1) {
      this._head = failureIn(runs[0]!);
    }
  }

  /** Let all parts follow the play head. */
  private _show(): void {
    const head = this._head;
    this._details.show(head);
    for (const lists of this._lists) {
      lists.show(head);
    }
    this.search.show(head);
    byId<HTMLInputElement>("head").value = String(head);
    const time = showSeconds(Math.max(...this._data.runs.map((run) => run.timeOf(Math.min(head, run.last)))));
    const count = Math.max(...this._data.runs.map((run) => run.records.length));
    byId("place").textContent = `event ${Math.min(head + 1, count)} of ${count} · ${time}`;
    this._repaint();
  }

  private _repaint(): void {
    if (this._data.runs.some(({ records }) => records.length > 0)) {
      savePlace(() => this._place());
    }
    if (this._frame === 0) {
      this._frame = requestAnimationFrame(() => {
        this._frame = 0;
        const axis = this._charts[0]?.axis ?? "event";
        for (const chart of this._charts) {
          chart.paint({ axis, head: this._head, parting: this._parting });
        }
        const isCrowded = this._charts.some((chart) => chart.isCrowded);
        byId("crowded").textContent = isCrowded ? "zoom in to see the arrows" : "";
      });
    }
  }
}
