import type { NetworkErrorCode } from "../errors.ts";
import type { TcpSegment } from "../packets/tcp-segment.ts";
import { ControlBlock, type KeepAlive, type TcpEnds, type TcpEnvironment } from "./control-block.ts";
import { takeSyn } from "./input.ts";
import { sendAcknowledgement, sendReset, sendSyn, sendWhatMayBeSent } from "./output.ts";
import { alarmRang } from "./timeouts.ts";
import { isWindowWorthTelling } from "./window.ts";

/* What programs do with connections, by way of sockets. @see RFC 9293, section 3.10.1 to 3.10.6 */

/** OPEN, active: begin to connect. */
export function openActively(
  environment: TcpEnvironment,
  ends: TcpEnds,
  initialSequence: number,
  now: number,
): ControlBlock {
  const block = new ControlBlock(environment, ends, false, initialSequence, alarmRang);
  block.state = "SYN-SENT";
  sendSyn(block, now);
  block.arm();
  return block;
}

/** OPEN, passive: answer the SYN of the other side. */
export function openPassively(
  environment: TcpEnvironment,
  ends: TcpEnds,
  initialSequence: number,
  syn: TcpSegment,
  now: number,
): ControlBlock {
  const block = new ControlBlock(environment, ends, true, initialSequence, alarmRang);
  block.state = "SYN-RECEIVED";
  takeSyn(block, syn);
  sendSyn(block, now);
  block.arm();
  return block;
}

/** How many bytes {@link sendData} would take now. */
export const roomToSend = (block: ControlBlock): number => block.sendCapacity - block.sending.length;

/** SEND: take as much of `data` as there is room for. @returns How many bytes. */
export function sendData(block: ControlBlock, data: Uint8Array, now: number): number {
  const count = Math.min(data.length, roomToSend(block));
  if (count > 0) {
    block.sending.append(data, count);
    sendWhatMayBeSent(block, now);
    block.arm();
  }
  return count;
}

/** RECEIVE: take up to `limit` bytes. */
export function receiveData(block: ControlBlock, limit: number, now: number): Uint8Array {
  const data = block.receiving.take(limit);
  if (block.state !== "CLOSED" && block.state !== "TIME-WAIT" && !block.isReceiveClosed) {
    growForFastReader(block, data.length, now);
    if (isWindowWorthTelling(block)) {
      sendAcknowledgement(block, now);
      block.arm();
    }
  }
  return data;
}

/**
 * Double the receive buffer of a program that has taken half as much as it holds without falling behind, at most once
 * in a round
 * trip: then the window always exceeds what the sender has on the way, and only the network holds it back.
 *
 * @see Linux `tcp_rcv_space_adjust`. Differs: it measures round trips by time stamps, queues included. Without them a
 * receiver
 * only knows the round trip of the handshake, so that a queue that fills would look like a program that is slow.
 */
function growForFastReader(block: ControlBlock, count: number, now: number): void {
  const { receiving, capacity, roundTrip } = block;
  const isBehind = receiving.length > capacity / 4;
  if (isBehind || now - block.takenAt > roundTrip.timeout) {
    block.taken = 0;
    block.takenSince = now;
  }
  block.takenAt = now;
  block.taken += count;
  const elapsed = now - block.takenSince;
  if (isBehind || elapsed <= 0 || elapsed < roundTrip.smoothed || block.taken < capacity / 2) {
    return;
  }
  const { maximumReceiveBufferBytes } = block.environment.settings;
  // A buffer has room for two segments, however small the maximum is: it never shrinks.
  block.capacity = Math.max(capacity, Math.min(maximumReceiveBufferBytes, 2 * capacity + 16 * block.segmentBytes));
  block.taken = 0;
  block.takenSince = now;
}

/** CLOSE of our direction: the other side gets the end of the stream behind all that was sent. */
export function closeSending(block: ControlBlock, now: number): void {
  if (block.state === "ESTABLISHED") {
    block.state = "FIN-WAIT-1";
  } else if (block.state === "CLOSE-WAIT") {
    block.state = "LAST-ACK";
  } else {
    return;
  }
  block.finPlace = block.sending.end;
  sendWhatMayBeSent(block, now);
  block.arm();
}

/**
 * The program has closed the socket. What was sent still goes out; what was received and not taken makes it a reset.
 *
 * @see RFC 9293, section 3.10.4; RFC 2525, section 2.17
 */
export function release(block: ControlBlock, now: number): void {
  block.isOrphan = true;
  block.observer = null;
  if (block.state === "SYN-SENT") {
    block.end(null, now);
  } else if (block.receiving.length > 0 || block.state === "SYN-RECEIVED") {
    abort(block, now);
  } else if (block.state === "FIN-WAIT-2") {
    block.environment.ended(block, now);
  } else {
    closeSending(block, now);
  }
}

/** ABORT: forget everything, and reset the other side. */
export function abort(block: ControlBlock, now: number): void {
  block.observer = null;
  if (block.state !== "CLOSED" && block.state !== "TIME-WAIT" && block.state !== "SYN-SENT") {
    sendReset(block);
  }
  block.receiving.clear();
  block.end(null, now);
}

/** Ask now and then whether the other side is still there; `null` ends that. */
export function setKeepAlive(block: ControlBlock, keepAlive: KeepAlive | null, now: number): void {
  block.keepAlive = keepAlive;
  if (block.state === "ESTABLISHED" || block.state === "CLOSE-WAIT") {
    block.keepAliveAt = keepAlive === null ? Number.POSITIVE_INFINITY : now + keepAlive.idle;
    block.arm();
  }
}

/** The error of the connection, handed out once. */
export function takeError(block: ControlBlock): NetworkErrorCode | null {
  const { error } = block;
  block.error = null;
  return error;
}
