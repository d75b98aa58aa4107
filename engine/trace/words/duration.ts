/** The units that seconds are shown in, from the largest. */
const UNITS: readonly (readonly [factor: number, unit: string])[] = [
  [1, "s"],
  [1e3, "ms"],
  [1e6, "µs"],
  [1e9, "ns"],
];

/** Significant digits that a picture shows. */
const DIGITS = 6;

/** Seconds as people read them: `2.5 s`, `40 ms`. @param digits - Significant digits at most. */
export function showSeconds(seconds: number, digits = DIGITS): string {
  if (!Number.isFinite(seconds)) {
    return seconds > 0 ? "never" : String(seconds);
  }
  const [factor, unit] =
    UNITS.find(([one]) => Math.abs(seconds) * one >= 1) ?? (seconds === 0 ? [1, "s"] : [1e9, "ns"]);
  return `${Number((seconds * factor).toPrecision(digits))} ${unit}`;
}
