import type { TcpSegment } from "../packets/tcp-segment.ts";
import type { ControlBlock } from "./control-block.ts";

/* What a sender concludes from selective acknowledgements: what arrived, came twice, was overtaken, or is lost. */

/** Note which bytes behind the acknowledged ones the other side has. @returns How many of them are news. */
export function takeSack(block: ControlBlock, segment: TcpSegment): number {
  const { scoreboard } = block;
  if (scoreboard === null || (segment.sack.length === 0 && scoreboard.bytes === 0)) {
    return 0;
  }
  // One acknowledgement may report much at once: only what earlier ones reported can have overtaken something.
  const { highest } = scoreboard;
  const upTo = block.acknowledgedPlace(segment.acknowledgement);
  noteLateComers(block, block.unacknowledged, upTo, highest);
  const places = segment.sack.map((edge) => block.acknowledgedPlace(edge));
  takeDuplicate(block, places, upTo);
  let news = 0;
  for (let i = 0; i < places.length; i += 2) {
    const start = places[i]!;
    const end = places[i + 1]!;
    if (start > block.unacknowledged && start < end && end <= block.sent) {
      noteLateComers(block, start, end, highest);
      news += scoreboard.add(start, end);
    }
  }
  return news;
}

/**
 * A first block that lies before the acknowledgement, or within the second, is a segment that came twice.
 *
 * @see RFC 2883, section 4
 */
function takeDuplicate(block: ControlBlock, [start, end, outerStart, outerEnd]: readonly number[], upTo: number): void {
  const isWithin = outerStart !== undefined && outerStart <= start! && end! <= outerEnd!;
  if ((end! <= upTo || isWithin) && block.reordering.reportedTwice(start!, block.segmentBytes)) {
    block.congestion.undo();
  }
}

/**
 * What comes for the first time from `start` to `end` was overtaken by what the other side has from behind, if it was
 * sent only once.
 */
function noteLateComers(block: ControlBlock, start: number, end: number, highest: number): void {
  const { congestion, reordering, segmentBytes } = block;
  const place = block.scoreboard?.missingFrom(start) ?? end;
  const distance = highest - place;
  if (place >= end || distance <= 0) {
    return;
  }
  if (place >= block.resentUpTo) {
    reordering.observed(distance, segmentBytes);
  } else if (congestion.isRecovering) {
    reordering.suspected(distance);
  }
}

/**
 * Whether a recovery begins, in which the first unacknowledged segment is sent again.
 *
 * @see RFC 6675, section 5; RFC 5681, section 3.2
 */
export function isLossNoticed(block: ControlBlock): boolean {
  const { congestion, unacknowledged, inFlight, sent, lossThreshold } = block;
  const isLost = block.lostBefore > unacknowledged;
  if (!congestion.beginsRecovery(unacknowledged, inFlight, sent, isLost, lossThreshold)) {
    return false;
  }
  block.reordering.recoveryBegan(unacknowledged);
  // A recovery that has just ended may have sent the segment again already.
  return block.resentUpTo <= unacknowledged;
}

/**
 * Whether the first segment, which was sent again in this recovery, is lost once more: then enough has come of what was
 * sent after it.
 *
 * @see Linux before RACK, `tcp_mark_lost_retrans`
 */
export function isLostAgain(block: ControlBlock): boolean {
  const { congestion, reordering, scoreboard, unacknowledged } = block;
  const margin = block.lossThreshold * block.segmentBytes;
  const sentBefore = reordering.sentBeforeResending(unacknowledged);
  return congestion.isRecovering && scoreboard !== null && scoreboard.highest > sentBefore + margin;
}
