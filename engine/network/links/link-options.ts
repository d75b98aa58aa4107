import { describeValue } from "../../base/describe.ts";
import { requireOptions } from "../../base/require-options.ts";
import { type Latency, type Sampler, samplerOf } from "./latency.ts";

/** What one direction of a link is like. All have defaults. */
export interface LinkOptions {
  /** How long a packet travels; 0.001 s between hosts and 0 within one by default. */
  readonly latency?: Latency;
  /** Bits a second; unlimited by default. Packets leave one after another. */
  readonly bandwidth?: number;
  /** How many bytes may wait for a link with limited bandwidth before packets are dropped; unlimited by default. */
  readonly queueBytes?: number;
  /** Probability that a packet is lost; 0 by default. */
  readonly loss?: number;
  /** Probability that a packet arrives twice; 0 by default. */
  readonly duplicate?: number;
  /**
   * Probability that a packet is out of line: others may overtake it, and it them; 0 by default. All other packets
   * arrive in the order in which they were sent, whatever their latency.
   */
  readonly reorder?: number;
  /** Probability that a packet is damaged, which the receiver notices by its checksum; 0 by default. */
  readonly corrupt?: number;
  /**
   * Biggest packet, in bytes, IP header included; 1500 between hosts and 65536 within one by default. TCP cuts its
   * segments accordingly; a datagram that is bigger travels in fragments, and if one of them is lost, all are.
   */
  readonly mtu?: number;
}

/** The options of a link, checked and complete. */
export interface LinkCharacter {
  readonly latency: number | Sampler;
  readonly bandwidth: number;
  readonly queueBytes: number;
  readonly loss: number;
  readonly duplicate: number;
  readonly reorder: number;
  readonly corrupt: number;
  readonly mtu: number;
}

const OPTIONS: readonly string[] = [
  "latency",
  "bandwidth",
  "queueBytes",
  "loss",
  "duplicate",
  "reorder",
  "corrupt",
  "mtu",
] satisfies (keyof LinkOptions)[];

/** The smallest MTU that IPv4 allows. */
const MIN_MTU = 68;

/** `value`. @throws RangeError unless it is a probability. */
export function requireProbability(what: string, option: string, value: number): number {
  if (typeof value !== "number" || !(value >= 0 && value <= 1)) {
    throw new RangeError(`${what}: expected ${option} to be a probability from 0 to 1, got ${describeValue(value)}`);
  }
  return value;
}

function requirePositive(what: string, option: string, unit: string, value: number): number {
  if (typeof value !== "number" || !(value > 0)) {
    throw new RangeError(`${what}: expected ${option} to be a positive number of ${unit}, got ${describeValue(value)}`);
  }
  return value;
}

function requireMtu(what: string, value: number): number {
  if (!(Number.isInteger(value) && value >= MIN_MTU && value <= 0x1_0000)) {
    throw new RangeError(
      `${what}: expected mtu to be an integer from ${MIN_MTU} to 65536 bytes, got ${describeValue(value)}`,
    );
  }
  return value;
}

/**
 * `options` checked, and completed from `base`.
 *
 * @param what - The link, for messages.
 * @throws TypeError for unknown options; RangeError for a negative or infinite latency, a bandwidth or queue that is
 * not positive, probabilities outside 0 to 1, and an MTU out of range.
 */
export function linkCharacter(what: string, options: LinkOptions, base: LinkCharacter): LinkCharacter {
  requireOptions(what, options, OPTIONS);
  const { latency } = options;
  const given = (option: Exclude<keyof LinkOptions, "latency">): number =>
    options[option] === undefined ? base[option] : options[option];
  const probability = (option: "loss" | "duplicate" | "reorder" | "corrupt"): number =>
    requireProbability(what, option, given(option));
  return {
    latency: latency === undefined ? base.latency : samplerOf(`${what}: latency`, latency),
    bandwidth: requirePositive(what, "bandwidth", "bits per second", given("bandwidth")),
    queueBytes: requirePositive(what, "queueBytes", "bytes", given("queueBytes")),
    loss: probability("loss"),
    duplicate: probability("duplicate"),
    reorder: probability("reorder"),
    corrupt: probability("corrupt"),
    mtu: requireMtu(what, given("mtu")),
  };
}

/** A link between two hosts, by default. */
export const BETWEEN_HOSTS: LinkCharacter = {
  latency: 0.001,
  bandwidth: Number.POSITIVE_INFINITY,
  queueBytes: Number.POSITIVE_INFINITY,
  loss: 0,
  duplicate: 0,
  reorder: 0,
  corrupt: 0,
  mtu: 1500,
};

/** A host's link with itself. */
export const WITHIN_HOST: LinkCharacter = { ...BETWEEN_HOSTS, latency: 0, mtu: 0x1_0000 };
