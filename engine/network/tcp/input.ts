import { ACK, FIN, RST, SYN, type TcpSegment } from "../packets/tcp-segment.ts";
import type { ControlBlock } from "./control-block.ts";
import { isLossNoticed, isLostAgain, takeSack } from "./loss.ts";
import { resendFirst, resetFor, sendAcknowledgement, sendSyn, sendWhatMayBeSent } from "./output.ts";
import { Scoreboard } from "./scoreboard.ts";
import { isWindowLow } from "./window.ts";

/** What every host can take, when it does not say what it can. @see RFC 9293, section 3.7.1 */
const LEAST_SEGMENT_BYTES = 536;

/** @see RFC 7323, section 2.3 */
const LARGEST_SCALE = 14;

const NEVER = Number.POSITIVE_INFINITY;

/** A segment has come for a connection. @see RFC 9293, section 3.10.7, whose order of checks this follows */
export function segmentArrived(block: ControlBlock, segment: TcpSegment, now: number): void {
  if (block.state === "SYN-SENT") {
    arrivedInSynSent(block, segment, now);
  } else {
    arrivedSynchronized(block, segment, now);
  }
  if (block.state !== "CLOSED" && block.state !== "TIME-WAIT") {
    sendWhatMayBeSent(block, now);
    block.arm();
  }
}

/** Note what the SYN of the other side says. */
export function takeSyn(block: ControlBlock, segment: TcpSegment): void {
  block.initialReceiveSequence = segment.sequence;
  block.receiving.next = 1;
  block.announced = 1 + Math.min(0xffff, block.capacity);
  block.limitSegments(segment.maximumSize > 0 ? segment.maximumSize : LEAST_SEGMENT_BYTES);
  if (segment.windowScale < 0) {
    block.receiveScale = 0;
  } else {
    block.sendScale = Math.min(segment.windowScale, LARGEST_SCALE);
  }
  if (segment.sackPermitted) {
    block.scoreboard ??= new Scoreboard();
    block.congestion.isSelective = true;
  }
  noteWindow(block, segment.window);
}

function arrivedInSynSent(block: ControlBlock, segment: TcpSegment, now: number): void {
  const hasAck = (segment.flags & ACK) !== 0;
  const isOurs = hasAck && block.acknowledgedPlace(segment.acknowledgement) === 1;
  if (hasAck && !isOurs) {
    if ((segment.flags & RST) === 0) {
      block.environment.transmit(resetFor(segment));
    }
    return;
  }
  if ((segment.flags & RST) !== 0) {
    if (isOurs) {
      block.end("ECONNREFUSED", now);
    }
    return;
  }
  if ((segment.flags & SYN) === 0) {
    return;
  }
  takeSyn(block, segment);
  if (isOurs) {
    acknowledgeNew(block, 1, now);
    block.mustAcknowledge = true;
    establish(block, now);
    return;
  }
  block.state = "SYN-RECEIVED";
  sendSyn(block, now);
}

function establish(block: ControlBlock, now: number): void {
  block.state = "ESTABLISHED";
  block.takenSince = now;
  block.roundTrip.restart();
  block.environment.established(block);
  if (block.keepAlive !== null) {
    block.keepAliveAt = now + block.keepAlive.idle;
  }
  block.observer?.writable();
}

function noteWindow(block: ControlBlock, window: number): void {
  block.sendWindow = window;
  if (window > block.greatestWindow) {
    block.greatestWindow = window;
  }
}

function arrivedSynchronized(block: ControlBlock, segment: TcpSegment, now: number): void {
  const place = block.receivedPlace(segment.sequence);
  if (isAnswerToCrossingSyn(block, segment, place)) {
    acknowledgeNew(block, 1, now);
    block.mustAcknowledge = true;
    establish(block, now);
    return;
  }
  if (!isAcceptable(block, segment, place, now) || !survivesReset(block, segment, place, now)) {
    return;
  }
  if ((segment.flags & SYN) !== 0) {
    // What a peer that lost the connection would send: the answer lets it reset the connection.
    sendAcknowledgement(block, now);
    return;
  }
  if ((segment.flags & ACK) === 0 || !acknowledged(block, segment, place, now)) {
    return;
  }
  noteAlive(block, now);
  if (segment.data.length > 0 && !takeData(block, segment, place, now)) {
    return;
  }
  if ((segment.flags & FIN) !== 0) {
    block.peerFinPlace = place + segment.data.length;
  }
  if (block.peerFinPlace === block.receiving.next && !block.isReceiveClosed) {
    takeFin(block, now);
  } else if ((segment.flags & FIN) !== 0) {
    block.mustAcknowledge = true;
  }
}

/**
 * Both sides began at once, each answered the other's SYN, and this is the answer to ours. Its SYN, which has been
 * seen, must not make it look old.
 */
const isAnswerToCrossingSyn = (block: ControlBlock, segment: TcpSegment, place: number): boolean =>
  block.state === "SYN-RECEIVED" &&
  !block.isPassive &&
  place === 0 &&
  (segment.flags & (SYN | ACK | RST)) === (SYN | ACK) &&
  block.acknowledgedPlace(segment.acknowledgement) === 1;

/**
 * Whether the segment touches the window. Otherwise it is old, or asks for an answer, and gets one if it may wait for
 * it.
 */
function isAcceptable(block: ControlBlock, segment: TcpSegment, place: number, now: number): boolean {
  const { next } = block.receiving;
  const edge = Math.max(block.announced, next + 1);
  const length = segment.sequenceLength;
  if (length === 0 ? place >= next && place <= edge : place < edge && place + length > next) {
    return true;
  }
  if ((segment.flags & RST) !== 0) {
    return false;
  }
  if (block.state === "SYN-RECEIVED" && (segment.flags & (SYN | ACK)) === SYN) {
    sendSyn(block, now);
  } else if (length > 0 || place === next - 1) {
    noteAlive(block, now);
    noteDuplicate(block, place, segment.data.length);
    if (block.state === "TIME-WAIT" && (segment.flags & FIN) !== 0) {
      block.expiresAt = now + block.environment.settings.timeWait;
    }
    sendAcknowledgement(block, now);
  }
  return false;
}

/**
 * Whether the connection outlives the segment.
 *
 * @see RFC 5961, section 3: only a RST at exactly the expected place counts
 */
function survivesReset(block: ControlBlock, segment: TcpSegment, place: number, now: number): boolean {
  if ((segment.flags & RST) === 0) {
    return true;
  }
  if (place !== block.receiving.next) {
    sendAcknowledgement(block, now);
  } else if (block.state === "CLOSE-WAIT") {
    block.end("EPIPE", now);
  } else if (block.state === "SYN-RECEIVED") {
    block.end(block.isPassive ? null : "ECONNREFUSED", now);
  } else if (block.state === "CLOSING" || block.state === "LAST-ACK" || block.state === "TIME-WAIT") {
    block.end(null, now);
  } else {
    block.end("ECONNRESET", now);
  }
  return false;
}

/** Take the acknowledgement. @returns Whether the rest of the segment counts. */
function acknowledged(block: ControlBlock, segment: TcpSegment, place: number, now: number): boolean {
  const upTo = block.acknowledgedPlace(segment.acknowledgement);
  if (block.state === "SYN-RECEIVED") {
    if (upTo !== 1) {
      block.environment.transmit(resetFor(segment));
      return false;
    }
    if (!completeHandshake(block, now)) {
      return false;
    }
  } else if (upTo > block.sent || upTo < block.unacknowledged - block.greatestWindow) {
    // Acknowledges what was never sent, or is older than any window: RFC 5961, section 5.
    sendAcknowledgement(block, now);
    return false;
  }
  const window = segment.window << block.sendScale;
  const news = takeSack(block, segment);
  const isDuplicate = upTo === block.unacknowledged && (news > 0 || isRepetition(block, segment, window));
  if (upTo > block.unacknowledged) {
    acknowledgeNew(block, upTo, now);
  } else if (isDuplicate) {
    block.congestion.repeated();
  }
  if ((isDuplicate || news > 0) && (isLossNoticed(block) || isLostAgain(block))) {
    resendFirst(block, now);
    block.retransmitAt = now + block.roundTrip.timeout;
  }
  // SND.WL2 is never beyond SND.UNA, so that an acknowledgement that is not old is not older than that.
  if (upTo >= block.unacknowledged && place >= block.windowPlace) {
    block.windowPlace = place;
    noteWindow(block, window);
  }
  if (block.sendWindow === 0) {
    // A receiver that took its window back is alive as long as it answers: RFC 9293, section 3.8.6.
    block.retries = 0;
  }
  return finAcknowledged(block, now);
}

/** The other side has heard our answer to its SYN. */
function completeHandshake(block: ControlBlock, now: number): boolean {
  if (!block.environment.arrived(block)) {
    return false;
  }
  establish(block, now);
  return true;
}

/** @see RFC 5681, section 2, "duplicate acknowledgment" */
const isRepetition = (block: ControlBlock, segment: TcpSegment, window: number): boolean =>
  block.scoreboard === null &&
  block.sent > block.unacknowledged &&
  segment.sequenceLength === 0 &&
  window === block.sendWindow;

function acknowledgeNew(block: ControlBlock, upTo: number, now: number): void {
  const count = upTo - block.unacknowledged;
  block.scoreboard?.discardBefore(upTo);
  if (block.timedPlace >= 0 && upTo >= block.timedPlace) {
    block.roundTrip.measured(now - block.timedAt);
    block.timedPlace = -1;
  }
  block.unacknowledged = upTo;
  block.next = Math.max(block.next, upTo);
  block.sending.discardBefore(Math.max(block.sending.start, Math.min(upTo, block.sending.end)));
  block.retries = 0;
  block.retransmitAt = upTo === block.sent ? NEVER : now + block.roundTrip.timeout;
  if (upTo > 1) {
    if (block.congestion.advanced(count, upTo) && block.resentUpTo <= upTo) {
      resendFirst(block, now);
    }
    block.growSendBuffer();
    block.observer?.writable();
  }
}

/** What follows when our FIN is acknowledged. @returns Whether the connection goes on. */
function finAcknowledged(block: ControlBlock, now: number): boolean {
  if (block.finPlace < 0 || block.unacknowledged <= block.finPlace) {
    return true;
  }
  switch (block.state) {
    case "FIN-WAIT-1":
      block.state = "FIN-WAIT-2";
      if (block.isOrphan) {
        block.environment.ended(block, now);
      }
      return true;
    case "CLOSING":
      waitForStragglers(block, now);
      return false;
    case "LAST-ACK":
      block.end(null, now);
      return false;
    default:
      return true;
  }
}

/** Enter TIME-WAIT, which nothing ends but time: it needs no timer, only to be forgotten at some later look. */
function waitForStragglers(block: ControlBlock, now: number): void {
  block.state = "TIME-WAIT";
  block.keepAlive = null;
  block.disarm();
  if (block.mustAcknowledge) {
    sendAcknowledgement(block, now);
  }
  block.environment.ended(block, now);
}

function noteAlive(block: ControlBlock, now: number): void {
  block.questions = 0;
  block.probes = 0;
  if (block.keepAlive !== null) {
    block.keepAliveAt = now + block.keepAlive.idle;
  }
}

/** Take the data that lies in the window. @returns False if it will never be read, and the connection was reset. */
function takeData(block: ControlBlock, segment: TcpSegment, place: number, now: number): boolean {
  const { receiving } = block;
  const room = Math.max(block.announced, receiving.next) - place;
  const data = room < segment.data.length ? segment.data.subarray(0, Math.max(0, room)) : segment.data;
  const isNew = place + data.length > receiving.next;
  if (block.isReceiveClosed || !isNew) {
    block.mustAcknowledge = true;
    return true;
  }
  if (block.isOrphan) {
    block.environment.transmit(resetFor(segment));
    block.end(null, now);
    return false;
  }
  const hadGap = receiving.hasGap;
  const before = receiving.next;
  if (!receiving.insert(place, data)) {
    noteDuplicate(block, place, data.length);
  }
  if (hadGap || receiving.hasGap) {
    block.mustAcknowledge = true;
  }
  if (receiving.next > before) {
    acknowledgeSoon(block, receiving.next - before, now);
    block.observer?.readable();
  }
  return true;
}

/** Data has come that was there: report it with the next acknowledgement. */
function noteDuplicate(block: ControlBlock, place: number, length: number): void {
  if (length > 0 && place > 0 && block.scoreboard !== null) {
    block.duplicateStart = place;
    block.duplicateEnd = place + length;
  }
}

/**
 * Acknowledge every second full segment at once, and less after a moment, or when the program reads.
 *
 * @see RFC 5681, section 4.2
 */
function acknowledgeSoon(block: ControlBlock, count: number, now: number): void {
  const { delayedAck } = block.environment.settings;
  block.unannounced += count;
  const isMuch = block.unannounced >= 2 * block.segmentBytes && !isWindowLow(block);
  if (isMuch || delayedAck === 0) {
    block.mustAcknowledge = true;
  } else if (block.acknowledgeAt === NEVER) {
    block.acknowledgeAt = now + delayedAck;
  }
}

/** The other side's FIN is in order: it will send nothing more. */
function takeFin(block: ControlBlock, now: number): void {
  block.receiving.next++;
  block.isReceiveClosed = true;
  block.mustAcknowledge = true;
  block.observer?.readable();
  switch (block.state) {
    case "ESTABLISHED":
      block.state = "CLOSE-WAIT";
      break;
    case "FIN-WAIT-1":
      block.state = "CLOSING";
      break;
    case "FIN-WAIT-2":
      waitForStragglers(block, now);
      break;
    default:
      break;
  }
}
