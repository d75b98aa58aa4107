import type { Address } from "../address.ts";
import { type Agenda, Alarm } from "../agenda.ts";
import type { NetworkErrorCode } from "../errors.ts";
import { ipHeaderBytes } from "../packets/packet.ts";
import { TCP_HEADER_BYTES, type TcpSegment } from "../packets/tcp-segment.ts";
import { Congestion } from "./congestion.ts";
import { ReceiveBuffer } from "./receive-buffer.ts";
import { Reordering } from "./reordering.ts";
import { RoundTrip } from "./round-trip.ts";
import type { Scoreboard } from "./scoreboard.ts";
import { SendBuffer } from "./send-buffer.ts";
import type { TcpSettings } from "./settings.ts";

/** The states of a connection. @see RFC 9293, section 3.3.2 */
export type TcpState =
  | "CLOSED"
  | "SYN-SENT"
  | "SYN-RECEIVED"
  | "ESTABLISHED"
  | "FIN-WAIT-1"
  | "FIN-WAIT-2"
  | "CLOSE-WAIT"
  | "CLOSING"
  | "LAST-ACK"
  | "TIME-WAIT";

/** What a connection knows of the way to the other side. */
export interface TcpPath {
  /** Biggest packet that fits, in bytes. */
  readonly mtu: number;
}

/** What a connection needs from the host that it is on. */
export interface TcpEnvironment {
  readonly agenda: Agenda;
  readonly settings: TcpSettings;
  /** The path to `destination`, which may change during a connection. */
  pathTo(destination: Address): TcpPath;
  /** Send a segment. */
  transmit(segment: TcpSegment): void;
  /** The handshake is complete. */
  established(connection: ControlBlock): void;
  /**
   * The handshake that the other side began is complete.
   *
   * @returns False when there is no room for the connection; then it has to be repeated.
   */
  arrived(connection: ControlBlock): boolean;
  /** The connection is over, or in TIME-WAIT. */
  ended(connection: ControlBlock, now: number): void;
}

/** Receives what happens to a connection. */
export interface TcpObserver {
  /** There is something to receive: data, the end, or an error. */
  readable(): void;
  /** There may be room to send, or the attempt to connect is over. */
  writable(): void;
}

/** The two ends of a connection, seen from one of them. */
export interface TcpEnds {
  readonly local: Address;
  readonly localPort: number;
  readonly remote: Address;
  readonly remotePort: number;
}

/** When a connection that is silent asks whether the other side is still there; in seconds. */
export interface KeepAlive {
  /** Silence before the first question. */
  readonly idle: number;
  /** Time between two questions. */
  readonly interval: number;
  /** Questions without answer before the connection fails with ETIMEDOUT. */
  readonly count: number;
}

/** The scale of the windows that this engine announces. */
export const WINDOW_SCALE = 7;

const NEVER = Number.POSITIVE_INFINITY;

/**
 * What TCP knows of one connection: RFC 9293's transmission control block.
 *
 * Places in the two streams are counted from 0, the SYN, without limit; only segments have sequence numbers of 32 bits.
 *
 * Invariants:
 * 1. `unacknowledged <= next <= sent`; after a timeout `next` goes back, `sent` never does;
 * 2. `finPlace` is the place behind the last byte once the program has closed its side, and -1 before;
 * 3. the right edge of the window that was announced, `announced`, never goes back;
 * 4. the alarm is set to the earliest of the four deadlines whenever no code of this connection runs.
 */
export class ControlBlock {
  state: TcpState = "CLOSED";
  readonly ends: TcpEnds;
  readonly environment: TcpEnvironment;
  observer: TcpObserver | null = null;
  /** The other side began. */
  readonly isPassive: boolean;

  /** The initial send sequence number, ISS. */
  readonly initialSequence: number;
  /** First place that the other side has not acknowledged, SND.UNA. */
  unacknowledged = 0;
  /** Next place to send, SND.NXT. */
  next = 0;
  /** Highest place that was ever sent, plus one. */
  sent = 0;
  finPlace = -1;
  /**
   * What the other side has of the bytes behind `unacknowledged`; `null` if it does not send selective
   * acknowledgements.
   */
  scoreboard: Scoreboard | null = null;
  readonly reordering = new Reordering();
  /** In a recovery: what was lost before this place was sent again. After a timeout: all that was sent before it. */
  resentUpTo = 0;
  /** Window of the other side, in bytes, SND.WND, and the greatest that it ever announced. */
  sendWindow = 0;
  greatestWindow = 0;
  /** Place of the segment that the window came with, SND.WL1. */
  windowPlace = 0;
  /** Scale of the windows that the other side announces. */
  sendScale = 0;
  /** Scale of the windows that we announce. */
  receiveScale = WINDOW_SCALE;
  /** Most data of a segment that we take. */
  readonly largestSegment: number;
  /** Most data of a segment that we send: what the other side takes and the path lets through. */
  segmentBytes: number;
  private readonly _path: TcpPath;
  private _pathMtu: number;
  private _peerLimit = Number.POSITIVE_INFINITY;
  readonly sending = new SendBuffer(1);
  noDelay = false;

  /** The initial receive sequence number, IRS. */
  initialReceiveSequence = 0;
  readonly receiving = new ReceiveBuffer(0);
  announced = 0;
  /** Place up to which the other side's data was acknowledged. */
  lastAckSent = 0;
  /** Place of the other side's FIN; -1 while none has come. */
  peerFinPlace = -1;
  /** Room for received data. */
  capacity: number;
  /** The program takes nothing more: it has closed the socket. */
  isOrphan = false;
  /** The other side's FIN has arrived in order. */
  isReceiveClosed = false;
  /** Why the connection failed; handed out once. */
  error: NetworkErrorCode | null = null;

  readonly roundTrip: RoundTrip;
  congestion: Congestion;
  /** Place whose acknowledgement is being timed, since `timedAt`; -1 when none is. */
  timedPlace = -1;
  timedAt = 0;
  lastSentAt = 0;
  /** Timeouts in a row. */
  retries = 0;
  keepAlive: KeepAlive | null = null;
  questions = 0;
  /** Attempts to get past a closed window: without an answer to any, and since it closed. */
  probes = 0;
  probesInAll = 0;
  /** Places of the segment that came a second time and is to be reported. @see RFC 2883 */
  duplicateStart = -1;
  duplicateEnd = -1;
  /** Bytes received since the last acknowledgement. */
  unannounced = 0;
  /** An acknowledgement is to go out with the end of the present work. */
  mustAcknowledge = false;

  retransmitAt = NEVER;
  persistAt = NEVER;
  acknowledgeAt = NEVER;
  keepAliveAt = NEVER;
  readonly alarm: Alarm;
  /** In TIME-WAIT and in an abandoned FIN-WAIT-2: when the pair of addresses is free again. */
  expiresAt = NEVER;

  /** Bytes that the program took without falling behind, since when, and when the last of them. */
  taken = 0;
  takenSince = 0;
  takenAt = 0;
  private _sendCapacity = 0;

  constructor(
    environment: TcpEnvironment,
    ends: TcpEnds,
    isPassive: boolean,
    initialSequence: number,
    onAlarm: (block: ControlBlock, now: number) => void,
  ) {
    const { settings } = environment;
    this.environment = environment;
    this.ends = ends;
    this.isPassive = isPassive;
    this.initialSequence = initialSequence;
    this._path = environment.pathTo(ends.remote);
    this._pathMtu = this._path.mtu;
    this.largestSegment = largestSegment(this._pathMtu, ends.remote);
    this.segmentBytes = this.largestSegment;
    const { receiveBufferBytes, maximumReceiveBufferBytes } = settings;
    this.capacity = Math.max(
      Math.min(receiveBufferBytes, maximumReceiveBufferBytes),
      2 * this.largestSegment,
      2 << WINDOW_SCALE,
    );
    this.roundTrip = new RoundTrip(settings);
    this.congestion = new Congestion(this.segmentBytes, settings.initialWindow);
    this.growSendBuffer();
    this.alarm = new Alarm(environment.agenda, (now) => onAlarm(this, now));
  }

  /** Sequence number of a place in our stream. */
  sequenceAt(place: number): number {
    return (this.initialSequence + place) >>> 0;
  }

  /** Place in our stream that an acknowledgement number means. */
  acknowledgedPlace(acknowledgement: number): number {
    return this.unacknowledged + ((acknowledgement - this.sequenceAt(this.unacknowledged)) | 0);
  }

  /** Place in the other side's stream that a sequence number means. */
  receivedPlace(sequence: number): number {
    return this.receiving.next + ((sequence - ((this.initialReceiveSequence + this.receiving.next) >>> 0)) | 0);
  }

  /** Sent and not acknowledged. */
  get inFlight(): number {
    return this.next - this.unacknowledged;
  }

  /**
   * How much of that is in the network still: neither with the other side nor lost.
   *
   * @see RFC 6675, section 4, `SetPipe`
   */
  get pipe(): number {
    const { scoreboard, unacknowledged, next } = this;
    if (scoreboard === null || scoreboard.bytes === 0) {
      return next - unacknowledged;
    }
    const missing = scoreboard.missing(unacknowledged, next);
    if (!this.congestion.isRecovering) {
      return missing;
    }
    // What is lost has left the network until it is sent again; what was sent again in case it is lost is there twice.
    const resent = Math.max(this.resentUpTo, unacknowledged);
    const lost = Math.max(this.lostBefore, unacknowledged);
    return missing - scoreboard.missing(resent, lost) + scoreboard.missing(lost, resent);
  }

  /** How many segments from behind show that a segment is lost. */
  get lossThreshold(): number {
    return this.reordering.threshold(this.inFlight, this.segmentBytes);
  }

  /** What the other side does not have of the bytes before this place is lost. */
  get lostBefore(): number {
    return this.scoreboard?.lostBefore(this.segmentBytes, this.lossThreshold) ?? -1;
  }

  /** Most data that a packet has room for on the path now, whatever the other side takes. */
  get pathSegmentBytes(): number {
    return largestSegment(this._pathMtu, this.ends.remote);
  }

  /** Whether the other side's stream was received to its end. */
  get sawEnd(): boolean {
    return this.peerFinPlace >= 0 && this.receiving.next > this.peerFinPlace;
  }

  /** Agree on the size of segments: the smaller of what both sides can take. */
  limitSegments(bytes: number): void {
    this._peerLimit = bytes;
    if (bytes < this.segmentBytes) {
      this.segmentBytes = bytes;
      this.congestion = new Congestion(bytes, this.environment.settings.initialWindow);
    }
  }

  /** Cut segments as the path wants them now. @see Linux `tcp_current_mss` */
  followPath(): void {
    const { mtu } = this._path;
    if (mtu !== this._pathMtu) {
      this._pathMtu = mtu;
      this.segmentBytes = Math.min(this._peerLimit, largestSegment(mtu, this.ends.remote));
      this.congestion.resize(this.segmentBytes);
    }
  }

  /** How many bytes of the program are kept until they are acknowledged. */
  get sendCapacity(): number {
    return this._sendCapacity;
  }

  /**
   * Keep room for what is on the way and as much again, so that the window can grow. It never shrinks: a loss, which
   * makes the
   * window smaller, must not take room away that the repair needs.
   *
   * @see Linux `tcp_sndbuf_expand`
   */
  growSendBuffer(): void {
    const { sendBufferBytes, maximumSendBufferBytes, initialWindow } = this.environment.settings;
    const wanted = 2 * Math.max(initialWindow * this.segmentBytes, this.congestion.window);
    this._sendCapacity = sendBufferBytes ?? Math.max(this._sendCapacity, Math.min(maximumSendBufferBytes, wanted));
  }

  /** Set the alarm to the earliest deadline. */
  arm(): void {
    const ours = this.retransmitAt < this.persistAt ? this.retransmitAt : this.persistAt;
    const theirs = this.acknowledgeAt < this.keepAliveAt ? this.acknowledgeAt : this.keepAliveAt;
    this.alarm.set(ours < theirs ? ours : theirs);
  }

  /** Withdraw all timers. */
  disarm(): void {
    this.retransmitAt = NEVER;
    this.persistAt = NEVER;
    this.acknowledgeAt = NEVER;
    this.keepAliveAt = NEVER;
    this.alarm.set(NEVER);
  }

  /** The connection is over, for the reason `error` if there is one. */
  end(error: NetworkErrorCode | null, now: number): void {
    if (this.state === "CLOSED") {
      return;
    }
    this.state = "CLOSED";
    this.error ??= error;
    this.disarm();
    this.sending.clear();
    this.isReceiveClosed = true;
    this.environment.ended(this, now);
    this.observer?.readable();
    this.observer?.writable();
  }
}

/** Most data that fits into one packet of `mtu` bytes between addresses such as `address`. */
const largestSegment = (mtu: number, address: Address): number =>
  Math.min(mtu, 0xffff) - ipHeaderBytes(address) - TCP_HEADER_BYTES;
