import { testProp } from "@fast-check/ava";
import type * as fc from "fast-check";
import type { AsyncProgram, Program } from "../engine/index.ts";
import { type ScheduleOptions, type SchedulePlan, schedule, underSchedule } from "./schedule.ts";

type Row = [SchedulePlan | string, ...unknown[]];

/** Options of {@link testSchedules}: of the schedules, and of fast-check. */
export interface TestSchedulesOptions<D extends unknown[]> extends ScheduleOptions {
  /** fast-check's parameters; examples are a token each, followed by the data. */
  readonly property?: fc.Parameters<[SchedulePlan | string, ...D]>;
}

/**
 * An ava test: whatever the data and whatever the order, the program does not fail.
 *
 * @param arbitraries - Of the data that `makeProgram` takes.
 * @param makeProgram - Makes the main coroutine; called many times.
 */
export function testSchedules<D extends unknown[]>(
  title: string,
  arbitraries: { [K in keyof D]: fc.Arbitrary<D[K]> },
  makeProgram: (...data: D) => ReturnType<Program<unknown> | AsyncProgram<unknown>>,
  { property, ...options }: TestSchedulesOptions<D> = {},
): void {
  const all = [schedule(options), ...arbitraries] as [fc.Arbitrary<SchedulePlan | string>, ...fc.Arbitrary<unknown>[]];
  testProp<Row>(
    title,
    all,
    async (t, ...row) => {
      const [orders, ...data] = row as Row;
      await underSchedule(orders, (() => makeProgram(...(data as D))) as Program<unknown>, options);
      t.pass();
    },
    property as fc.Parameters<Row> | undefined,
  );
}
