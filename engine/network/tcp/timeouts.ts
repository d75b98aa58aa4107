import type { ControlBlock } from "./control-block.ts";
import { askForAnswer, pressOn, resendFirst, sendAcknowledgement, sendSyn } from "./output.ts";

/** A timer of a connection is due. @see RFC 9293, section 3.10.8 */
export function alarmRang(block: ControlBlock, now: number): void {
  if (block.acknowledgeAt <= now) {
    sendAcknowledgement(block, now);
  }
  if (block.retransmitAt <= now) {
    retransmit(block, now);
  }
  if (block.persistAt <= now) {
    block.roundTrip.backOff();
    block.persistAt = now + block.roundTrip.timeout;
    pressOn(block, now);
  }
  if (block.keepAliveAt <= now) {
    askWhetherAlive(block, now);
  }
  if (block.state !== "CLOSED") {
    block.arm();
  }
}

const retriesAllowed = (block: ControlBlock): number => {
  const { settings } = block.environment;
  switch (block.state) {
    case "SYN-SENT":
      return settings.synRetries;
    case "SYN-RECEIVED":
      return settings.synAckRetries;
    default:
      return settings.retries;
  }
};

/** Nothing was heard for the whole timeout. @see RFC 6298, section 5 */
function retransmit(block: ControlBlock, now: number): void {
  if (block.retries >= retriesAllowed(block)) {
    block.end("ETIMEDOUT", now);
    return;
  }
  const isFirst = block.retries++ === 0;
  block.timedPlace = -1;
  block.roundTrip.backOff();
  block.retransmitAt = now + block.roundTrip.timeout;
  if (block.state === "SYN-SENT" || block.state === "SYN-RECEIVED") {
    sendSyn(block, now);
    return;
  }
  block.congestion.timedOut(block.sent - block.unacknowledged, block.sent, isFirst);
  block.next = block.unacknowledged;
  resendFirst(block, now);
}

function askWhetherAlive(block: ControlBlock, now: number): void {
  const { keepAlive } = block;
  if (keepAlive === null) {
    block.keepAliveAt = Number.POSITIVE_INFINITY;
  } else if (block.questions >= keepAlive.count) {
    block.end("ETIMEDOUT", now);
  } else {
    block.questions++;
    block.keepAliveAt = now + keepAlive.interval;
    askForAnswer(block, now);
  }
}
