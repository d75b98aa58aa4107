import * as fc from "fast-check";
import {
  type Domain,
  type FaultKind,
  type FaultPlan,
  faultKinds,
  type HostFault,
  type Latency,
  type LinkFault,
  type TimedFault,
} from "../engine/index.ts";
import { requireOptions } from "./require-options.ts";

/** Options of {@link faults}. */
export interface FaultsOptions {
  /** The hosts that faults may strike, by name. */
  readonly hosts: readonly string[];
  /**
   * What may happen, the simplest first; `partition`, `crash` and `pause` by default, without `partition` if there is
   * only one host.
   */
  readonly kinds?: readonly FaultKind[];
  /** Latest start of a fault, in seconds of virtual time; 10 by default. */
  readonly maxStart?: number;
  /** Longest duration of a fault, in seconds; 5 by default. */
  readonly maxDuration?: number;
  /** Maximum number of faults; 4 by default. */
  readonly max?: number;
  /** Starts and durations are multiples of this, in seconds, so that they shrink to round numbers; 0.1 by default. */
  readonly step?: number;
}

const FAULTS_OPTIONS = { hosts: true, kinds: true, maxStart: true, maxDuration: true, max: true, step: true } as const;
const NAMES = Object.keys(faultKinds) as readonly FaultKind[];

/** A kind of fault by its name, with the types of its fields left aside. */
const kindOf = (name: FaultKind): LinkFault<object> | HostFault<object> => faultKinds[name];

const rounded = (seconds: number): number => Math.round(seconds * 1e9) / 1e9;

/** Multiples of `step` from 0 to `limit`; they shrink to 0. */
const multiples = (limit: number, step: number): fc.Arbitrary<number> =>
  fc.nat({ max: Math.floor(limit / step + 1e-9) }).map((count) => rounded(count * step));

/**
 * Generates fault plans for `network.faults.schedule`: plain data, in order of time, with everything healed at the end.
 * They shrink to the fewest, earliest and shortest faults, which strike the fewest hosts.
 *
 * @throws TypeError for unknown options; RangeError for no hosts, no or unknown kinds, a single host with faults
 * between hosts, and invalid times.
 */
export function faults(options: FaultsOptions): fc.Arbitrary<FaultPlan> {
  requireOptions("faults", options, FAULTS_OPTIONS);
  const { hosts = [], maxStart = 10, maxDuration = 5, max = 4, step = 0.1 } = options;
  const kinds = options.kinds ?? (hosts.length > 1 ? ["partition", "crash", "pause"] : ["crash", "pause"]);
  if (hosts.length === 0 || kinds.length === 0) {
    throw new RangeError(`faults: expected hosts and kinds, got ${hosts.length} and ${kinds.length}`);
  }
  const unknown = kinds.find((kind) => !NAMES.includes(kind));
  if (unknown !== undefined) {
    throw new RangeError(`faults: unknown kind '${String(unknown)}' (known: ${NAMES.join(", ")})`);
  }
  const between = kinds.find((kind) => kindOf(kind).strikes === "links");
  if (hosts.length === 1 && between !== undefined) {
    throw new RangeError(
      `faults: expected at least two hosts, as ${between} strikes links between hosts, got ${hosts[0]}`,
    );
  }
  if (!(step > 0 && maxStart >= 0 && maxDuration >= 0 && maxStart + maxDuration < Number.POSITIVE_INFINITY)) {
    throw new RangeError(
      `faults: expected maxStart and maxDuration >= 0 and step > 0, in seconds, got ${maxStart}, ${maxDuration} and ${step}`,
    );
  }
  const end = rounded(maxStart + maxDuration);
  const span = fc.record({ at: multiples(maxStart, step), lasts: multiples(maxDuration, step) });
  const fault = fc.oneof({ withCrossShrink: true }, ...kinds.map((kind) => faultOf(kind, hosts, span)));
  return fc
    .array(fault, { maxLength: max, size: "max" })
    .map((list) => ({ faults: [...list].sort((a, b) => a.at - b.at), end }));
}

function faultOf(
  name: FaultKind,
  hosts: readonly string[],
  span: fc.Arbitrary<{ at: number; lasts: number }>,
): fc.Arbitrary<TimedFault> {
  const when = span.map(({ at, lasts }) => ({ at, until: rounded(at + lasts) }));
  const { strikes, draws } = kindOf(name);
  const place = strikes === "links" ? groupsOf(hosts) : fc.constantFrom(...hosts).map((host) => ({ host }));
  const fields = fc.oneof({ withCrossShrink: true }, ...draws.map((draw) => drawn(draw as Domains)));
  return fc
    .tuple(when, place, fields)
    .map(([time, where, rest]) => ({ fault: name, ...time, ...where, ...rest }) as TimedFault);
}

/** Two groups of hosts, and in a quarter of the cases only one direction between them. */
const groupsOf = (hosts: readonly string[]): fc.Arbitrary<object> =>
  fc
    .tuple(
      fc.subarray([...hosts], { minLength: 1, maxLength: Math.max(1, hosts.length - 1) }),
      fc.nat(3).map((quarter) => quarter === 3),
    )
    .map(([some, oneWay]) => {
      const between = [some, hosts.filter((each) => !some.includes(each))];
      return oneWay ? { between, oneWay } : { between };
    });

type Domains = Readonly<Record<string, Domain<unknown>>>;

/** Fields drawn from their domains; a field whose value is `undefined` is left out. */
const drawn = (draw: Domains): fc.Arbitrary<object> =>
  fc
    .tuple(
      ...Object.entries(draw).map(([name, { size, at }]) =>
        fc.nat(size - 1).map((index) => [name, at(index)] as const),
      ),
    )
    .map((entries) => Object.fromEntries(entries.filter(([, value]) => value !== undefined)));

/** Options of {@link latencies}, in seconds. */
export interface LatenciesOptions {
  /** The shortest latency; 0 by default. */
  readonly min?: number;
  /** The longest latency; 1 by default. */
  readonly max?: number;
  /** Latencies are `min` plus multiples of this; 0.001 by default. */
  readonly step?: number;
}

/**
 * Latencies of links, for `LinkOptions`: constants and uniform ranges of seconds from `min` to `max`. They shrink
 * towards the constant `min`.
 *
 * @throws TypeError for unknown options; RangeError for invalid bounds.
 */
export function latencies(options: LatenciesOptions = {}): fc.Arbitrary<Latency> {
  requireOptions("latencies", options, { min: true, max: true, step: true });
  const { min = 0, max = 1, step = 0.001 } = options;
  if (!(min >= 0 && max >= min && max < Number.POSITIVE_INFINITY && step > 0)) {
    throw new RangeError(`latencies: expected 0 <= min <= max and a positive step, got ${min}, ${max} and ${step}`);
  }
  const seconds = multiples(max - min, step).map((more) => rounded(min + more));
  return fc.oneof(
    { withCrossShrink: true },
    seconds,
    fc.tuple(seconds, seconds).map(([a, b]) => ({ uniform: [Math.min(a, b), Math.max(a, b)] as const })),
  );
}
