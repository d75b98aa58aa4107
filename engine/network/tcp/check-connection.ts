import { invariant } from "../../base/invariant.ts";
import type { ControlBlock } from "./control-block.ts";

const NEVER = Number.POSITIVE_INFINITY;

/**
 * Check what must hold of a connection whenever no code of it runs. Tests call this after each step; nothing else does.
 *
 * @throws InvariantError if something does not hold.
 */
export function checkConnection(block: ControlBlock): void {
  if (block.state === "CLOSED") {
    invariant(block.alarm.deadline === NEVER, "a closed connection has no timer");
    return;
  }
  checkSending(block);
  checkReceiving(block);
  checkTimers(block);
}

/** The order of the places of the send sequence space. @see RFC 9293, section 3.4 */
function checkSending(block: ControlBlock): void {
  const { unacknowledged, next, sent, sending, finPlace, scoreboard, congestion } = block;
  const end = finPlace < 0 ? sending.end : finPlace + 1;
  invariant(unacknowledged <= next && next <= sent, "SND.UNA <= SND.NXT <= all that was ever sent");
  invariant(sent <= end, "nothing is sent that the program has not written");
  invariant(finPlace < 0 || finPlace === sending.end, "the FIN stands behind the last byte");
  invariant(sending.start === Math.max(1, Math.min(unacknowledged, sending.end)), "what is kept is not acknowledged");
  invariant(sending.length <= block.sendCapacity, "no more is kept than the send buffer has room for");
  invariant(block.sendWindow <= block.greatestWindow, "SND.WND is at most the greatest window");
  invariant(block.resentUpTo <= sent, "what was sent again was sent before");
  invariant(block.timedPlace <= sent, "what is timed was sent");
  invariant(congestion.window >= block.segmentBytes, "the congestion window has room for a segment");
  invariant(
    block.pipe >= 0 && block.pipe <= 2 * (sent - unacknowledged),
    "the pipe holds what was sent, twice at most",
  );
  sending.checkInvariants();
  if (scoreboard !== null) {
    scoreboard.checkInvariants();
    const isWithin = scoreboard.bytes === 0 || (scoreboard.lowest > unacknowledged && scoreboard.highest <= sent);
    invariant(isWithin, "what is reported lies behind SND.UNA and was sent");
  }
}

/** What came is within the window, and what waits is within the buffer. */
function checkReceiving(block: ControlBlock): void {
  const { receiving, announced, lastAckSent, capacity, sawEnd, isReceiveClosed } = block;
  if (block.state === "SYN-SENT") {
    return;
  }
  const fin = sawEnd ? 1 : 0;
  invariant(
    lastAckSent <= receiving.next && receiving.next <= announced + fin,
    "RCV.NXT lies within the announced window",
  );
  invariant(receiving.length + receiving.earlyBytes <= capacity, "no more waits than the receive buffer has room for");
  invariant(sawEnd === isReceiveClosed, "the stream ends with the FIN");
  invariant(!(sawEnd && receiving.hasGap), "nothing comes behind the FIN");
  receiving.checkInvariants();
}

/** Whatever the other side owes an answer for has a timer, and whatever waits for a window has one. */
function checkTimers(block: ControlBlock): void {
  const { state, retransmitAt, persistAt, acknowledgeAt, keepAliveAt, alarm } = block;
  const earliest = Math.min(retransmitAt, persistAt, acknowledgeAt, keepAliveAt);
  invariant(alarm.deadline === earliest, "the alarm is set to the earliest deadline");
  if (state === "TIME-WAIT") {
    invariant(earliest === NEVER && block.expiresAt < NEVER, "TIME-WAIT only waits for time to pass");
    return;
  }
  invariant(block.unacknowledged === block.sent || retransmitAt < NEVER, "what is not acknowledged has a timer");
  const end = block.finPlace < 0 ? block.sending.end : block.finPlace + 1;
  invariant(block.next >= end || retransmitAt < NEVER || persistAt < NEVER, "what waits to be sent has a timer");
  invariant(!block.mustAcknowledge, "an acknowledgement that is due goes out at once");
}
