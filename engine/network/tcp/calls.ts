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
export const roomToSend = (block: ControlBlock): number => Math.max(0, block.sendCapacity - block.sending.length);

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

/** A program that takes within one round trip more than half of what there is room for gets more room, so that the window does not hold the sender back. */
function growForFastReader(block: ControlBlock, count: number, now: number): void {
  block.taken += count;
  const elapsed = now - block.takenSince;
  if (elapsed <= 0 || elapsed < block.roundTrip.smoothed) {
    return;
  }
  const { maximumReceiveBufferBytes } = block.environment.settings;
  const wanted = Math.min(maximumReceiveBufferBytes, 2 * block.taken + 16 * block.segmentBytes);
  // A buffer has room for two segments, however small the maximum is: it never shrinks.
  if (wanted > block.capacity && elapsed < 2 * block.roundTrip.smoothed) {
    block.capacity = wanted;
  }
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

/** The program has closed the socket. What was sent still goes out; what was received and not taken makes it a reset. @see RFC 9293, section 3.10.4; RFC 2525, section 2.17 */
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

/** ABORT: forget everything, and tell the other side. */
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
