import { failureClass } from "../run/failure.ts";
import type { RunBudget } from "../run/run-budget.ts";
import type { FailedRun, Session } from "../run/session.ts";
import { type Choice, type Hold, type Schedule, scheduleOf, scheduleText, sizeOf } from "../schedule/schedule.ts";

type Deviation = Hold | Choice;

const isHold = (deviation: Deviation): deviation is Hold => "until" in deviation;

const deviationsOf = ({ holds, choices }: Schedule): Deviation[] => [...holds, ...choices];

const scheduleWith = (deviations: readonly Deviation[]): Schedule => ({
  holds: deviations.filter(isHold),
  choices: deviations.filter((deviation): deviation is Choice => !isHold(deviation)),
});

const releasesOf = ({ holds }: Schedule): number => new Set(holds.map(({ until }) => until)).size;
const optionsOf = ({ choices }: Schedule): number => choices.reduce((sum, { option }) => sum + option, 0);

/** How many steps overtook a held one in `run`: how far its holds reach. */
function reachOf({ schedule, record }: FailedRun): number {
  let reach = 0;
  const places = new Map(record.names.slice(0, record.length).map((name, place) => [name.text, place]));
  for (const { step, until } of schedule.holds) {
    // A hold without an end reaches beyond everything.
    const end = places.get(until) ?? 2 * record.length;
    reach += Math.max(0, (places.get(step) ?? record.length) - end) + end;
  }
  return reach;
}

/**
 * Whether `a` is a simpler failure than `b`: fewer deviations, fewer points of release, smaller options, shorter holds,
 * smaller text.
 */
export function isSimpler(a: FailedRun, b: FailedRun): boolean {
  const measures: ((run: FailedRun) => number)[] = [
    (run) => sizeOf(run.schedule),
    (run) => releasesOf(run.schedule),
    (run) => optionsOf(run.schedule),
    reachOf,
  ];
  for (const measure of measures) {
    const difference = measure(a) - measure(b);
    if (difference !== 0) {
      return difference < 0;
    }
  }
  return scheduleText(a.schedule) < scheduleText(b.schedule);
}

/** Runs that one shrinking may take. */
const MOST_RUNS = 1000;

/**
 * Makes a failing schedule small, by running ever smaller ones: delta debugging over its deviations, then fewer points
 * of release, earlier ones, and smaller options. Only failures of the same class count.
 */
export class Shrinker {
  best: FailedRun;
  private readonly _session: Session;
  private readonly _class: string;
  private readonly _tried = new Set<string>();
  private readonly _budget: RunBudget;
  private _left = MOST_RUNS;

  /** @param budget - Runs that may be made, together with others. */
  constructor(session: Session, failed: FailedRun, budget: RunBudget) {
    this._session = session;
    this._class = failureClass(failed.breakage);
    this._budget = budget;
    this.best = failed;
    this._tried.add(scheduleText(failed.schedule));
  }

  async shrink(): Promise<FailedRun> {
    let before: FailedRun;
    do {
      before = this.best;
      await this._minimize();
      await this._mergeReleases();
      await this._shortenHolds();
      await this._lowerOptions();
    } while (this.best !== before && sizeOf(this.best.schedule) > 1 && this._left > 0);
    return this.best;
  }

  /** Zeller's ddmin: drop ever smaller parts of the deviations. */
  private async _minimize(): Promise<void> {
    for (let parts = 2; ; ) {
      const all = deviationsOf(this.best.schedule);
      if (all.length < 2) {
        return;
      }
      const size = Math.ceil(all.length / parts);
      const chunks = Array.from({ length: Math.ceil(all.length / size) }, (_, i) =>
        all.slice(i * size, (i + 1) * size),
      );
      if (await this._tryEach(chunks.map(scheduleWith))) {
        parts = 2;
      } else if (chunks.length > 2 && (await this._tryEach(chunks.map((chunk) => without(all, chunk))))) {
        parts = Math.max(parts - 1, 2);
      } else if (size === 1) {
        return;
      } else {
        parts = Math.min(parts * 2, all.length);
      }
    }
  }

  private async _mergeReleases(): Promise<void> {
    const { holds, choices } = this.best.schedule;
    const releases = [...new Set(holds.map(({ until }) => until))];
    if (releases.length > 1 && releases.length <= 6) {
      await this._tryEach(releases.map((until) => ({ holds: holds.map(({ step }) => ({ step, until })), choices })));
    }
  }

  /** Release holds as early as possible, found by halving; those that end together go on doing so. */
  private async _shortenHolds(): Promise<void> {
    for (let i = 0; i < this.best.schedule.holds.length; i++) {
      const { schedule, record } = this.best;
      const { until: end } = schedule.holds[i]!;
      const places = overtakersOf(schedule.holds[i]!, this.best);
      let last = end;
      for (let low = 0, high = places.length - 1; low < high; ) {
        const middle = (low + high) >>> 1;
        const until = (record.names[places[middle]!] as { text: string }).text;
        const { holds, choices } = this.best.schedule;
        const shorter = holds.map((hold) => (hold.until === last ? { ...hold, until } : hold));
        if (await this._try({ holds: shorter, choices })) {
          last = until;
          high = middle;
        } else {
          low = middle + 1;
        }
      }
    }
  }

  private async _lowerOptions(): Promise<void> {
    for (let i = 0; i < this.best.schedule.choices.length; i++) {
      const { name, option } = this.best.schedule.choices[i]!;
      for (let lower = 1; lower < option; lower++) {
        const { holds, choices } = this.best.schedule;
        if (await this._try({ holds, choices: choices.with(i, { name, option: lower }) })) {
          break;
        }
      }
    }
  }

  private async _tryEach(schedules: readonly Schedule[]): Promise<boolean> {
    for (const schedule of schedules) {
      if (await this._try(schedule)) {
        return true;
      }
    }
    return false;
  }

  /** Run `schedule`; if it fails alike and is simpler, it becomes the best. */
  private async _try(schedule: Schedule): Promise<boolean> {
    const text = scheduleText(schedule);
    if (this._tried.has(text) || this._left <= 0) {
      return false;
    }
    if (!(await this._budget.take())) {
      this._left = 0;
      return false;
    }
    this._tried.add(text);
    this._left--;
    const { breakage, time } = await this._session.follow(schedule);
    if (breakage === null || failureClass(breakage) !== this._class) {
      return false;
    }
    const record = this._session.record.copy();
    const tried = { breakage, schedule, record, time };
    const derived = { breakage, schedule: scheduleOf(record), record, time };
    const found = isSimpler(derived, tried) ? derived : tried;
    if (!isSimpler(found, this.best)) {
      return false;
    }
    this._tried.add(scheduleText(found.schedule));
    this.best = found;
    return true;
  }
}

const without = (all: readonly Deviation[], part: readonly Deviation[]): Schedule =>
  scheduleWith(all.filter((deviation) => !part.includes(deviation)));

/** The places of the steps that overtook the held step, in order. */
function overtakersOf({ step, until }: Hold, { record }: FailedRun): number[] {
  const { length, names, arrivals } = record;
  const held = names.findIndex((name, place) => place < length && name.text === step);
  const last = names.findIndex((name, place) => place < length && name.text === until);
  const arrival = arrivals[held];
  if (held < 0 || last < 0 || arrival === undefined) {
    return [];
  }
  const places: number[] = [];
  for (let place = 0; place <= last; place++) {
    if (arrivals[place]! > arrival && place < held) {
      places.push(place);
    }
  }
  return places;
}
