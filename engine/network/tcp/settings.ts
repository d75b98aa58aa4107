import { describeValue } from "../../base/describe.ts";
import { requireOptions } from "../../base/require-options.ts";
import type { TimeoutLimits } from "./round-trip.ts";

/** How TCP behaves on the hosts of a network. Times are in seconds; all have defaults. */
export interface TcpSettings extends TimeoutLimits {
  /** Retransmission timeout before the first measurement; 1 by default. @see RFC 6298 */
  readonly initialTimeout: number;
  /**
   * Least margin between the smoothed round-trip time and the retransmission timeout, which is their sum unless four
   * times the
   * variation is more; 1 by default, RFC 6298's minimum. Linux's `tcp_rto_min`, which has the same meaning, is 0.2.
   */
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
  /**
   * Bytes of its program that a connection keeps until they are acknowledged. By default the buffer grows with the
   * congestion
   * window, to twice its size.
   */
  readonly sendBufferBytes: number | undefined;
  /** Limit for a send buffer that grows by itself; 4194304 by default, as on Linux (`tcp_wmem`). */
  readonly maximumSendBufferBytes: number;
  /**
   * Received bytes that a connection keeps for its program at first, at least two segments; 131072 by default. The
   * buffer grows
   * while the program keeps up.
   */
  readonly receiveBufferBytes: number;
  /** Limit for the growth of the receive buffer; 6291456 by default, as on Linux (`tcp_rmem`). */
  readonly maximumReceiveBufferBytes: number;
}

/** What TCP does by default. */
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
  maximumSendBufferBytes: 0x40_0000,
  receiveBufferBytes: 0x2_0000,
  maximumReceiveBufferBytes: 0x60_0000,
};

type Check = readonly [expected: string, isFine: (value: number) => boolean];

/** No window is bigger than that. @see RFC 7323, section 2.3 */
const LARGEST_WINDOW = 0x4000_0000;

const DURATION: Check = ["in seconds, finite and not negative", (value) => value >= 0 && Number.isFinite(value)];
const TIMEOUT: Check = ["in seconds, finite and positive", (value) => value > 0 && Number.isFinite(value)];
const COUNT: Check = ["to be a non-negative integer", (value) => Number.isSafeInteger(value) && value >= 0];
const bytesFrom = (min: number): Check => [
  `to be an integer from ${min} to ${LARGEST_WINDOW}`,
  (value) => Number.isInteger(value) && value >= min && value <= LARGEST_WINDOW,
];
const BUFFER = bytesFrom(1);
const ROOM = bytesFrom(0);

const CHECKS: Readonly<Record<keyof TcpSettings, Check>> = {
  initialTimeout: TIMEOUT,
  minimumTimeout: TIMEOUT,
  maximumTimeout: TIMEOUT,
  synRetries: COUNT,
  synAckRetries: COUNT,
  retries: COUNT,
  delayedAck: DURATION,
  timeWait: DURATION,
  initialWindow: BUFFER,
  sendBufferBytes: BUFFER,
  maximumSendBufferBytes: BUFFER,
  receiveBufferBytes: ROOM,
  maximumReceiveBufferBytes: ROOM,
};

const NAMES = Object.keys(CHECKS) as (keyof TcpSettings)[];

/**
 * `settings` completed by the defaults; a setting that is `undefined` keeps its default.
 *
 * @throws TypeError for unknown settings; RangeError for values out of range or of another type.
 */
export function tcpSettings(settings: Partial<TcpSettings>): TcpSettings {
  requireOptions("tcp", settings, NAMES);
  const complete: Record<keyof TcpSettings, number | undefined> = { ...TCP_DEFAULTS };
  for (const name of NAMES) {
    const value: unknown = settings[name];
    const [expected, isFine] = CHECKS[name];
    if (value !== undefined) {
      if (typeof value !== "number" || !isFine(value)) {
        throw new RangeError(`tcp: expected ${name} ${expected}, got ${describeValue(value)}`);
      }
      complete[name] = value;
    }
  }
  requireOrder(complete as TcpSettings);
  return complete as TcpSettings;
}

/** An acknowledgement that waits longer than the other side's margin would have everything sent twice. */
function requireOrder({ delayedAck, minimumTimeout, maximumTimeout, initialTimeout }: TcpSettings): void {
  if (!(delayedAck < minimumTimeout && minimumTimeout <= maximumTimeout)) {
    const got = `${delayedAck}, ${minimumTimeout} and ${maximumTimeout}`;
    throw new RangeError(`tcp: expected delayedAck < minimumTimeout <= maximumTimeout, got ${got}`);
  }
  if (!(initialTimeout <= maximumTimeout)) {
    throw new RangeError(
      `tcp: expected initialTimeout <= maximumTimeout, got ${describeValue(initialTimeout)} and ${maximumTimeout}`,
    );
  }
}
