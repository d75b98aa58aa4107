/** Seconds to the nanosecond. */
const seconds = (time: number): string => `${Number(time.toFixed(9))} s`;

/**
 * What it means that an exploration takes the shortest latency (1) or the longest (2) instead of the one that was
 * drawn.
 */
export function latencyText(option: number, drawn: number, range: readonly [number, number] | undefined): string {
  const extreme = option === 1 ? "shortest" : "longest";
  const taken =
    range === undefined ? `one of the ${extreme} latencies` : `the ${extreme} latency, ${seconds(range[option - 1]!)},`;
  return `the packet takes ${taken} instead of ${seconds(drawn)}`;
}

/** What becomes of a packet, by what may happen to it. */
const HAPPENINGS: Readonly<Record<string, string>> = {
  loss: "lost",
  duplicate: "duplicated",
  corrupt: "damaged",
  reorder: "out of line",
};

/** What it means that `what` happens to a packet, or does not, otherwise than drawn. */
export const happeningText = (what: string, happens: boolean): string =>
  `the packet is ${happens ? "" : "not "}${HAPPENINGS[what] ?? what}`;

/** What it means that a fault begins at `at`; `planned` is when it would do so otherwise, if at all. */
export const faultText = (fault: string, struck: string, at: number, planned: number | null): string =>
  `${fault} of ${struck} at ${seconds(at)}${planned === null ? "" : ` instead of ${seconds(planned)}`}`;
