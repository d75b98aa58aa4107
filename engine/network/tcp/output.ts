import { ACK, FIN, PSH, RST, SYN, TcpSegment } from "../packets/tcp-segment.ts";
import { type ControlBlock, WINDOW_SCALE } from "./control-block.ts";
import { announceWindow, isWindowLow } from "./window.ts";

const NO_DATA = new Uint8Array(0);
const NEVER = Number.POSITIVE_INFINITY;

/** Send a segment with what is at `place`; everything that goes out after the handshake goes through here. */
export function sendSegment(block: ControlBlock, place: number, data: Uint8Array, flags: number, now: number): void {
  const { local, localPort, remote, remotePort } = block.ends;
  const isSilent = (data.length > 0 || (flags & FIN) !== 0) && !block.mustAcknowledge && isWindowLow(block);
  const acknowledged = isSilent ? block.told : block.receiving.next;
  const expected = (block.initialReceiveSequence + acknowledged) >>> 0;
  const sequence = block.sequenceAt(place);
  const window = announceWindow(block, acknowledged);
  const segment = new TcpSegment(local, localPort, remote, remotePort, flags | ACK, sequence, expected, window, data);
  const end = place + segment.sequenceLength;
  segment.isRetransmission = place < block.sent && end > place;
  noteSent(block, place, end, now);
  // Whoever gets a segment from before its window answers, and looks no further: not at the acknowledgement either.
  if (!isSilent && place >= block.unacknowledged) {
    noteAcknowledged(block);
  }
  block.environment.transmit(segment);
}

function noteAcknowledged(block: ControlBlock): void {
  block.told = block.receiving.next;
  block.acknowledgeAt = NEVER;
  block.unannounced = 0;
  block.mustAcknowledge = false;
}

/** Places up to `end` are sent: time one of them, and see to it that somebody notices when no answer comes. */
function noteSent(block: ControlBlock, place: number, end: number, now: number): void {
  if (end === place) {
    return;
  }
  if (end > block.sent) {
    block.sent = end;
    if (block.timedPlace < 0 && place >= block.unacknowledged) {
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
  const expected = isAnswer ? (block.initialReceiveSequence + block.receiving.next) >>> 0 : 0;
  const flags = isAnswer ? SYN | ACK : SYN;
  const window = Math.min(0xffff, block.capacity);
  const segment = new TcpSegment(
    local,
    localPort,
    remote,
    remotePort,
    flags,
    block.initialSequence,
    expected,
    window,
    NO_DATA,
    block.largestSegment,
    isAnswer && block.receiveScale === 0 ? -1 : WINDOW_SCALE,
  );
  segment.isRetransmission = block.sent > 0;
  block.announced = Math.max(block.announced, block.receiving.next + window);
  block.told = block.receiving.next;
  noteSent(block, 0, 1, now);
  block.environment.transmit(segment);
}

/** Acknowledge what has come so far. */
export const sendAcknowledgement = (block: ControlBlock, now: number): void =>
  sendSegment(block, block.sent, NO_DATA, 0, now);

/** Tell the other side that the connection is no more. */
export function sendReset(block: ControlBlock): void {
  const { local, localPort, remote, remotePort } = block.ends;
  const expected = (block.initialReceiveSequence + block.receiving.next) >>> 0;
  const segment = new TcpSegment(
    local,
    localPort,
    remote,
    remotePort,
    RST | ACK,
    block.sequenceAt(block.next),
    expected,
    0,
  );
  block.environment.transmit(segment);
}

/** The answer to a segment that belongs to no connection. @see RFC 9293, section 3.5.2 */
export function resetFor(segment: TcpSegment): TcpSegment {
  const { source, sourcePort, destination, destinationPort } = segment;
  if ((segment.flags & ACK) !== 0) {
    return new TcpSegment(destination, destinationPort, source, sourcePort, RST, segment.acknowledgement, 0, 0);
  }
  const expected = (segment.sequence + segment.sequenceLength) >>> 0;
  return new TcpSegment(destination, destinationPort, source, sourcePort, RST | ACK, 0, expected, 0);
}

/** Send the first unacknowledged segment again. */
export function resendFirst(block: ControlBlock, now: number): void {
  const place = block.unacknowledged;
  const length = Math.min(block.segmentBytes, block.sending.end - place);
  block.timedPlace = -1;
  sendAt(block, place, length, now);
}

function sendAt(block: ControlBlock, place: number, length: number, now: number): void {
  const data = length > 0 ? block.sending.read(place, length) : NO_DATA;
  const end = place + length;
  const isFin = end === block.finPlace;
  const isLast = length > 0 && end === block.sending.end;
  sendSegment(block, place, data, (isFin ? FIN : 0) | (isLast ? PSH : 0), now);
}

/** Whether a segment of `length` bytes, all that may be sent now, is worth sending. @see RFC 9293, section 3.8.6.2.1; Nagle's algorithm */
function isWorthwhile(block: ControlBlock, length: number, available: number, isFin: boolean): boolean {
  if (length >= block.segmentBytes || isFin) {
    return true;
  }
  if (length === available) {
    return block.noDelay || block.inFlight === 0;
  }
  return length > 0 && length >= block.greatestWindow / 2;
}

/** Whether a segment would fill the window to its last byte, although an acknowledgement that moves it is sure to come soon. */
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
    if (block.sending.end > block.next && block.inFlight === 0 && now - block.lastSentAt > block.roundTrip.timeout) {
      block.congestion.restart();
    }
    while (sendNext(block, now)) {
      // One segment after another.
    }
  }
  if (block.mustAcknowledge) {
    sendAcknowledgement(block, now);
  }
}

function sendNext(block: ControlBlock, now: number): boolean {
  const place = block.next;
  const available = block.sending.end - place;
  const isFinDue = block.finPlace >= 0 && place <= block.finPlace;
  if (available <= 0 && !isFinDue) {
    return false;
  }
  const { congestion } = block;
  const usable = Math.min(block.sendWindow, congestion.window + congestion.extra) - block.inFlight;
  const length = Math.max(0, Math.min(available, block.segmentBytes, usable));
  const isFin = isFinDue && length === available;
  if ((length === 0 && !isFin) || !isWorthwhile(block, length, available, isFin) || isLastStraw(block, length)) {
    if (block.inFlight === 0 && block.persistAt === NEVER) {
      block.persistAt = now + block.roundTrip.timeout;
    }
    return false;
  }
  sendAt(block, place, length, now);
  return true;
}

/** Ask for an answer, with a segment that carries nothing and lies before the window: the answer tells the window, or that somebody is there. @see RFC 1122, sections 4.2.2.17 and 4.2.3.6 */
export const askForAnswer = (block: ControlBlock, now: number): void =>
  sendSegment(block, block.unacknowledged - 1, NO_DATA, 0, now);

/** The window has been small for long: use what there is of it, or ask whether there is more. */
export function pressOn(block: ControlBlock, now: number): void {
  const place = block.next;
  const length = Math.min(block.sending.end - place, block.segmentBytes, block.sendWindow);
  if (length > 0) {
    sendAt(block, place, length, now);
  } else {
    askForAnswer(block, now);
  }
}
