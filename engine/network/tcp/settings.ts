import { requireOptions } from "../../base/require-options.ts";
import type { TimeoutLimits } from "./round-trip.ts";

/** How TCP behaves on the hosts of a network. Times are in seconds; all have defaults. */
export interface TcpSettings extends TimeoutLimits {
  /** Retransmission timeout before anything was measured; 1 by default. @see RFC 6298 */
  readonly initialTimeout: number;
  /** Least retransmission timeout; 1 by default. Differs: Linux uses 0.2. */
  readonly minimumTimeout: number;
  /** Greatest retransmission timeout; 120 by default, as on Linux. */
  readonly maximumTimeout: number;
  /** How often a SYN is sent again before the attempt fails with ETIMEDOUT; 6 by default, which makes 127 s. */
  readonly synRetries: number;
  /** How often the answer to a SYN is sent again before it is forgotten; 5 by default. */
  readonly synAckRetries: number;
  /** How often data is sent again before the connection fails with ETIMEDOUT; 15 by default. */
  readonly retries: number;
  /** How long an acknowledgement may wait for data to travel with; 0.04 by default, 0 for never. */
  readonly delayedAck: number;
  /** How long the side that closed first keeps the pair of addresses; 60 by default. */
  readonly timeWait: number;
  /** How many segments may be sent before the first acknowledgement; 10 by default. @see RFC 6928 */
  readonly initialWindow: number;
  /** Bytes that a connection takes from its program before they are sent; by default it follows the congestion window. */
  readonly sendBufferBytes: number | undefined;
  /** Bytes that a connection keeps for its program at first, at least two segments; 131072 by default. It grows for a program that keeps up. */
  readonly receiveBufferBytes: number;
  /** What the receive buffer may grow to; 6291456 by default. */
  readonly maximumReceiveBufferBytes: number;
}

/** What TCP does unless told otherwise. */
const TCP_DEFAULTS: TcpSettings = {
  initialTimeout: 1,
  minimumTimeout: 1,
  maximumTimeout: 120,
  synRetries: 6,
  synAckRetries: 5,
  retries: 15,
  delayedAck: 0.04,
  timeWait: 60,
  initialWindow: 10,
  sendBufferBytes: undefined,
  receiveBufferBytes: 0x2_0000,
  maximumReceiveBufferBytes: 0x60_0000,
};

const COUNTS = [
  "synRetries",
  "synAckRetries",
  "retries",
  "initialWindow",
  "receiveBufferBytes",
  "maximumReceiveBufferBytes",
] as const;
const TIMES = ["initialTimeout", "minimumTimeout", "maximumTimeout", "delayedAck", "timeWait"] as const;

/** `settings` completed. @throws TypeError for settings that there are not; RangeError for values that make no sense. */
export function tcpSettings(settings: Partial<TcpSettings>): TcpSettings {
  requireOptions("tcp", settings, Object.keys(TCP_DEFAULTS));
  const complete = { ...TCP_DEFAULTS, ...settings };
  for (const name of COUNTS) {
    if (!(Number.isInteger(complete[name]) && complete[name] >= (name === "initialWindow" ? 1 : 0))) {
      throw new RangeError(`tcp: expected ${name} to be a count, got ${String(complete[name])}`);
    }
  }
  for (const name of TIMES) {
    if (!(complete[name] >= 0 && complete[name] < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`tcp: expected ${name} in seconds, finite and not negative, got ${String(complete[name])}`);
    }
  }
  const { minimumTimeout, maximumTimeout, delayedAck } = complete;
  if (!(minimumTimeout > delayedAck && maximumTimeout >= minimumTimeout)) {
    throw new RangeError(
      `tcp: expected delayedAck < minimumTimeout <= maximumTimeout, got ${delayedAck}, ${minimumTimeout} and ${maximumTimeout}`,
    );
  }
  return complete;
}
