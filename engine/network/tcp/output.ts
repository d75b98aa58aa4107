import { ACK, FIN, MOST_SACK_BLOCKS, NO_BLOCKS, PSH, RST, SYN, sackBytes, TcpSegment } from "../packets/tcp-segment.ts";
import { type ControlBlock, WINDOW_SCALE } from "./control-block.ts";
import { announceWindow, isWindowLow } from "./window.ts";

const NO_DATA = new Uint8Array(0);
const NEVER = Number.POSITIVE_INFINITY;

/** Send a segment with what is at `place`; everything that goes out after the handshake goes through here. */
export function sendSegment(block: ControlBlock, place: number, data: Uint8Array, flags: number, now: number): void {
  const isSilent = (data.length > 0 || (flags & FIN) !== 0) && !block.mustAcknowledge && isWindowLow(block);
  const acknowledged = isSilent ? block.lastAckSent : block.receiving.next;
  const { local, localPort, remote, remotePort } = block.ends;
  const segment = new TcpSegment({
    source: local,
    sourcePort: localPort,
    destination: remote,
    destinationPort: remotePort,
    flags: flags | ACK,
    sequence: block.sequenceAt(place),
    acknowledgement: (block.initialReceiveSequence + acknowledged) >>> 0,
    window: announceWindow(block, acknowledged),
    data,
    sack: block.receiving.hasGap || block.duplicateStart >= 0 ? sackFor(block, data.length) : NO_BLOCKS,
  });
  const end = place + segment.sequenceLength;
  segment.isRetransmission = place < block.sent && end > place;
  noteSent(block, place, end, now);
  // Whoever gets a segment from before its window answers, and looks no further: not at the acknowledgement either.
  if (!isSilent && place >= block.unacknowledged) {
    noteAcknowledged(block);
  }
  block.environment.transmit(segment);
}

/** The selective acknowledgement to send along: as many blocks as there is room for beside `length` bytes of data. */
function sackFor(block: ControlBlock, length: number): readonly number[] {
  if (block.scoreboard === null) {
    return NO_BLOCKS;
  }
  let count = MOST_SACK_BLOCKS;
  while (count > 0 && length + sackBytes(count) > block.pathSegmentBytes) {
    count--;
  }
  const start = block.initialReceiveSequence;
  const { duplicateStart, duplicateEnd, receiving } = block;
  const twice = duplicateStart >= 0 && count > 0 ? [duplicateStart, duplicateEnd] : [];
  block.duplicateStart = -1;
  return [...twice, ...receiving.earlyBlocks(count - twice.length / 2)].map((place) => (start + place) >>> 0);
}

function noteAcknowledged(block: ControlBlock): void {
  block.lastAckSent = block.receiving.next;
  block.acknowledgeAt = NEVER;
  block.unannounced = 0;
  block.mustAcknowledge = false;
}

/** Places up to `end` are sent: time one of them, and set the timer for an answer that does not come. */
function noteSent(block: ControlBlock, place: number, end: number, now: number): void {
  if (end === place) {
    return;
  }
  if (end > block.sent) {
    block.sent = end;
    // In a recovery, acknowledgements wait for what is missing before: they measure that as well.
    if (block.timedPlace < 0 && place >= block.unacknowledged && !block.congestion.isRecovering) {
      block.timedPlace = end;
      block.timedAt = now;
    }
  }
  if (end > block.next) {
    block.next = end;
  }
  block.lastSentAt = now;
  block.persistAt = NEVER;
  block.probesInAll = 0;
  if (block.retransmitAt === NEVER) {
    block.retransmitAt = now + block.roundTrip.timeout;
  }
}

/** Send a SYN, or the answer to one. */
export function sendSyn(block: ControlBlock, now: number): void {
  const { local, localPort, remote, remotePort } = block.ends;
  const isAnswer = block.state === "SYN-RECEIVED";
  const window = Math.min(0xffff, block.capacity);
  const segment = new TcpSegment({
    source: local,
    sourcePort: localPort,
    destination: remote,
    destinationPort: remotePort,
    flags: isAnswer ? SYN | ACK : SYN,
    sequence: block.initialSequence,
    acknowledgement: isAnswer ? (block.initialReceiveSequence + block.receiving.next) >>> 0 : 0,
    window,
    maximumSize: block.largestSegment,
    windowScale: isAnswer && block.receiveScale === 0 ? -1 : WINDOW_SCALE,
    sackPermitted: !isAnswer || block.scoreboard !== null,
  });
  segment.isRetransmission = block.sent > 0;
  block.announced = Math.max(block.announced, block.receiving.next + window);
  block.lastAckSent = block.receiving.next;
  noteSent(block, 0, 1, now);
  block.environment.transmit(segment);
}

/** Acknowledge what has come so far. */
export const sendAcknowledgement = (block: ControlBlock, now: number): void =>
  sendSegment(block, block.sent, NO_DATA, 0, now);

/** Reset the connection at the other side. */
export function sendReset(block: ControlBlock): void {
  const { local, localPort, remote, remotePort } = block.ends;
  const segment = new TcpSegment({
    source: local,
    sourcePort: localPort,
    destination: remote,
    destinationPort: remotePort,
    flags: RST | ACK,
    sequence: block.sequenceAt(block.next),
    acknowledgement: (block.initialReceiveSequence + block.receiving.next) >>> 0,
    window: 0,
  });
  block.environment.transmit(segment);
}

/** The answer to a segment that belongs to no connection. @see RFC 9293, section 3.5.2 */
export function resetFor(segment: TcpSegment): TcpSegment {
  const hasAck = (segment.flags & ACK) !== 0;
  return new TcpSegment({
    source: segment.destination,
    sourcePort: segment.destinationPort,
    destination: segment.source,
    destinationPort: segment.sourcePort,
    flags: hasAck ? RST : RST | ACK,
    sequence: hasAck ? segment.acknowledgement : 0,
    acknowledgement: hasAck ? 0 : (segment.sequence + segment.sequenceLength) >>> 0,
    window: 0,
  });
}

/**
 * Send the first unacknowledged segment again: bytes that were sent before, and only as far as the window reaches, if
 * one is open.
 *
 * @see RFC 9293, section 3.8.6; Linux `tcp_retransmit_skb`
 */
export function resendFirst(block: ControlBlock, now: number): void {
  block.followPath();
  const place = block.unacknowledged;
  const limit = block.sendWindow > 0 ? Math.min(block.segmentBytes, block.sendWindow) : block.segmentBytes;
  const gapEnd = block.scoreboard?.gapEnd(place) ?? Number.POSITIVE_INFINITY;
  const length = Math.min(limit, Math.min(block.sent, block.sending.end, gapEnd) - place);
  noteResent(block, place, place + length);
  sendAt(block, place, length, now);
}

function noteResent(block: ControlBlock, place: number, end: number): void {
  block.timedPlace = -1;
  block.resentUpTo = Math.max(block.resentUpTo, end);
  if (block.congestion.isRecovering) {
    block.reordering.resent(place, block.sent);
  }
}

/**
 * In a recovery by selective acknowledgements, send the next missing segment again that lies before `limit`.
 *
 * @see RFC 6675, section 4, `NextSeg`: first what is lost, then new data, then what may be lost
 */
function resendMissing(block: ControlBlock, limit: number, now: number): boolean {
  const { scoreboard, congestion, segmentBytes, sending } = block;
  if (scoreboard === null || !congestion.isRecovering || congestion.window - block.pipe < segmentBytes) {
    return false;
  }
  const place = scoreboard.missingFrom(Math.max(block.resentUpTo, block.unacknowledged));
  const edge = Math.min(sending.end, block.unacknowledged + block.sendWindow);
  const end = Math.min(place + segmentBytes, scoreboard.gapEnd(place), edge);
  if (place >= limit || end <= place) {
    return false;
  }
  noteResent(block, place, end);
  sendAt(block, place, end - place, now);
  return true;
}

function sendAt(block: ControlBlock, place: number, length: number, now: number): void {
  const data = length > 0 ? block.sending.read(place, length) : NO_DATA;
  const end = place + length;
  const isFin = end === block.finPlace;
  const isLast = length > 0 && end === block.sending.end;
  sendSegment(block, place, data, (isFin ? FIN : 0) | (isLast ? PSH : 0), now);
}

/**
 * Whether a segment of `length` bytes, all that may be sent now, is worth sending.
 *
 * @see RFC 9293, section 3.8.6.2.1; Nagle's algorithm
 */
function isWorthwhile(block: ControlBlock, length: number, available: number, isFin: boolean): boolean {
  if (length >= block.segmentBytes || isFin) {
    return true;
  }
  if (length === available) {
    return block.noDelay || block.inFlight === 0;
  }
  return length > 0 && length >= block.greatestWindow / 2;
}

/**
 * Whether a segment would fill the window to its last byte, although an acknowledgement that moves it is sure to come
 * soon.
 */
const isLastStraw = (block: ControlBlock, length: number): boolean =>
  block.inFlight >= 2 * block.segmentBytes && block.inFlight + length === block.sendWindow;

const maySend = (block: ControlBlock): boolean =>
  block.state === "ESTABLISHED" ||
  block.state === "CLOSE-WAIT" ||
  block.state === "FIN-WAIT-1" ||
  block.state === "CLOSING" ||
  block.state === "LAST-ACK";

/** Send all that may be sent now, and an acknowledgement if one is due. */
export function sendWhatMayBeSent(block: ControlBlock, now: number): void {
  if (maySend(block)) {
    block.followPath();
    if (block.sending.end > block.next && block.inFlight === 0 && now - block.lastSentAt > block.roundTrip.timeout) {
      block.congestion.restart();
    }
    const before = block.next;
    while (
      resendMissing(block, block.lostBefore, now) ||
      sendNext(block, now) ||
      resendMissing(block, block.scoreboard?.highest ?? -1, now)
    ) {
      // One segment after another.
    }
    if (block.next > before) {
      block.congestion.sent(block.pipe, block.unacknowledged, block.next);
    }
  }
  if (block.mustAcknowledge) {
    sendAcknowledgement(block, now);
  }
}

function sendNext(block: ControlBlock, now: number): boolean {
  const { congestion, scoreboard } = block;
  if (scoreboard !== null) {
    // Behind a timeout, what the other side has need not be sent again.
    block.next = scoreboard.missingFrom(block.next);
  }
  const place = block.next;
  const available = Math.min(block.sending.end, scoreboard?.gapEnd(place) ?? Number.POSITIVE_INFINITY) - place;
  const isFinDue = block.finPlace >= 0 && place <= block.finPlace;
  if (available <= 0 && !isFinDue) {
    return false;
  }
  const usable = Math.min(block.sendWindow - block.inFlight, congestion.window + congestion.extra - block.pipe);
  const length = Math.max(0, Math.min(available, block.segmentBytes, usable));
  const isFin = isFinDue && place + length === block.finPlace;
  const isAgain = place < block.sent && length > 0 && length === Math.min(available, block.segmentBytes);
  const isGood = isAgain || (isWorthwhile(block, length, available, isFin) && !isLastStraw(block, length));
  if ((length === 0 && !isFin) || !isGood) {
    if (block.inFlight === 0 && block.persistAt === NEVER) {
      block.persistAt = now + block.roundTrip.timeout;
    }
    return false;
  }
  sendAt(block, place, length, now);
  return true;
}

/**
 * Ask for an answer, with a segment that carries nothing and lies before the window: the answer has the window, or
 * shows that the other side is there.
 *
 * @see RFC 1122, sections 4.2.2.17 and 4.2.3.6
 */
export const askForAnswer = (block: ControlBlock, now: number): void =>
  sendSegment(block, block.unacknowledged - 1, NO_DATA, 0, now);

/** The window has been small for long: use what there is of it, or ask whether there is more. */
export function pressOn(block: ControlBlock, now: number): void {
  block.followPath();
  const place = block.next;
  const length = Math.min(block.sending.end - place, block.segmentBytes, block.sendWindow);
  if (length > 0) {
    sendAt(block, place, length, now);
  } else {
    askForAnswer(block, now);
  }
}
