import test from "ava";
import fc from "fast-check";
import {
  type CivilDate,
  civilFromDays,
  dayOfYear,
  daysFromCivil,
  isCivilDate,
  isLeapYear,
  isoWeekOf,
  weekdayOf,
} from "./calendar.ts";

const TEN_MILLENNIA = 3_652_425;
const someDays = fc.integer({ min: -2 * TEN_MILLENNIA, max: 2 * TEN_MILLENNIA });

/** The day after, counted as people do. */
function dayAfter({ year, month, day }: CivilDate): CivilDate {
  const lengths = [31, isLeapYear(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  if (day < lengths[month - 1]!) {
    return { year, month, day: day + 1 };
  }
  return month < 12 ? { year, month: month + 1, day: 1 } : { year: year + 1, month: 1, day: 1 };
}

test("Calendar: days are counted from 1970-01-01, a Thursday", (t) => {
  t.deepEqual(civilFromDays(0), { year: 1970, month: 1, day: 1 });
  t.is(weekdayOf(0), 4);
});

test("Calendar: the known distances hold", (t) => {
  const distances = [
    [1, 1, 1],
    [1600, 2, 29],
    [1970, 1, 1],
    [2000, 3, 1],
    [9999, 12, 31],
  ].map(([year = 0, month = 0, day = 0]) => daysFromCivil({ year, month, day }));
  t.deepEqual(distances, [-719_162, -135_081, 0, 11_017, 2_932_896]);
});

test("Calendar: a date's days give the date again, and days their date's", (t) => {
  fc.assert(
    fc.property(someDays, (days) => {
      const date = civilFromDays(days);
      return daysFromCivil(date) === days && isCivilDate(date);
    }),
  );
  t.pass();
});

test("Calendar: the next day is the next date", (t) => {
  fc.assert(
    fc.property(someDays, (days) => {
      t.deepEqual(civilFromDays(days + 1), dayAfter(civilFromDays(days)));
    }),
  );
});

test("Calendar: years are divided by 4, not by 100, but by 400", (t) => {
  t.deepEqual([2023, 2024, 1900, 2100, 2000, 0].map(isLeapYear), [false, true, false, false, true, true]);
});

test("Calendar: a day that a month does not have is not a date", (t) => {
  const dates = [
    { year: 2021, month: 2, day: 29 },
    { year: 2021, month: 4, day: 31 },
    { year: 2021, month: 13, day: 1 },
    { year: 2021, month: 0, day: 1 },
    { year: 2021, month: 1, day: 0 },
    { year: 2021, month: 1, day: 366 },
    { year: 2024, month: 2, day: 29 },
  ];
  t.deepEqual(dates.map(isCivilDate), [false, false, false, false, false, false, true]);
});

test("Calendar: the days of a year are numbered from 1", (t) => {
  const dates = [
    { year: 2023, month: 1, day: 1 },
    { year: 2023, month: 12, day: 31 },
    { year: 2024, month: 2, day: 29 },
    { year: 2024, month: 12, day: 31 },
  ];
  t.deepEqual(dates.map(dayOfYear), [1, 365, 60, 366]);
});

test("Calendar: weeks begin on Monday and belong to the year of their Thursday", (t) => {
  fc.assert(
    fc.property(someDays, (days) => {
      const thursday = days - ((weekdayOf(days) + 6) % 7) + 3;
      const { year } = civilFromDays(thursday);
      const daysBefore = thursday - daysFromCivil({ year, month: 1, day: 1 });
      t.deepEqual(isoWeekOf(days), { year, week: Math.floor(daysBefore / 7) + 1 });
    }),
  );
});
