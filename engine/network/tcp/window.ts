import type { ControlBlock } from "./control-block.ts";

/**
 * Where the window could end now. Behind the other side's FIN nothing more comes: there what waits for the program
 * takes no room away.
 */
const rightEdge = ({ receiving, capacity, isReceiveClosed }: ControlBlock): number =>
  receiving.next + Math.max(0, capacity - (isReceiveClosed ? 0 : receiving.length));

/**
 * With less than this the other side may soon have to wait: with a few segments, or a quarter of a small buffer, but at
 * least one segment even when the window is announced in coarse units.
 */
const lowMark = ({ capacity, segmentBytes, receiveScale }: ControlBlock): number =>
  Math.min(Math.max(capacity / 4, segmentBytes + (1 << receiveScale)), 8 * segmentBytes);

/**
 * The window to announce with an acknowledgement up to `place`: it opens in steps that are worth it, and its right edge
 * never goes back.
 *
 * @see RFC 9293, section 3.8.6.2.2, on the silly window syndrome
 */
export function announceWindow(block: ControlBlock, place: number): number {
  const edge = rightEdge(block);
  if (edge - block.announced >= Math.min(block.segmentBytes, block.capacity / 2)) {
    block.announced = edge;
  }
  const units = (block.announced - place) >> block.receiveScale;
  return units < 0xffff ? units : 0xffff;
}

/**
 * Whether an acknowledgement would announce a window that is nearly closed. It had better wait for the program to read,
 * as long as
 * acknowledgements may wait: a program that keeps up never closes its window that way, even if much comes at one
 * instant.
 *
 * @see Linux `__tcp_ack_snd_check`: "and right edge of window advances far enough (tcp_recvmsg() will send ACK
 * otherwise)"
 */
export const isWindowLow = (block: ControlBlock): boolean =>
  Math.max(block.announced, rightEdge(block)) - block.receiving.next < lowMark(block);

/**
 * Whether the other side may be waiting for room of which there is some again. As long as it may send a few segments,
 * the acknowledgements of those will announce it.
 */
export function isWindowWorthTelling(block: ControlBlock): boolean {
  const { receiving, capacity, announced, segmentBytes } = block;
  return (
    announced - receiving.next < lowMark(block) &&
    rightEdge(block) - announced >= Math.min(2 * segmentBytes, capacity / 2)
  );
}
