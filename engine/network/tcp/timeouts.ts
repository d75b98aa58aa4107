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
    persist(block, now);
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
  if (!isFirst) {
    // The other side may have given up what it had reported: RFC 2018, section 8.
    block.scoreboard?.clear();
  }
  block.timedPlace = -1;
  block.roundTrip.backOff();
  block.retransmitAt = now + block.roundTrip.timeout;
  if (block.state === "SYN-SENT" || block.state === "SYN-RECEIVED") {
    sendSyn(block, now);
    return;
  }
  block.reordering.timedOut();
  block.resentUpTo = block.sent;
  block.congestion.timedOut(block.sent - block.unacknowledged, block.sent, isFirst);
  block.next = block.unacknowledged;
  resendFirst(block, now);
}

/** The window stays closed. @see RFC 9293, section 3.8.6.1; the count is Linux's `tcp_retries2` */
function persist(block: ControlBlock, now: number): void {
  const { retries, maximumTimeout } = block.environment.settings;
  if (block.probes >= retries) {
    block.end("ETIMEDOUT", now);
    return;
  }
  block.probes++;
  block.probesInAll++;
  block.persistAt = now + Math.min(maximumTimeout, block.roundTrip.timeout * 2 ** block.probesInAll);
  pressOn(block, now);
}

function askWhetherAlive(block: ControlBlock, now: number): void {
  const { keepAlive } = block;
  if (keepAlive === null) {
    block.keepAliveAt = Number.POSITIVE_INFINITY;
  } else if (block.unacknowledged < block.sent || block.sending.end > block.next) {
    // There is an answer to come anyway; whether it does is for the other timers to find out, as on Linux.
    block.keepAliveAt = now + keepAlive.idle;
  } else if (block.questions >= keepAlive.count) {
    block.end("ETIMEDOUT", now);
  } else {
    block.questions++;
    block.keepAliveAt = now + keepAlive.interval;
    askForAnswer(block, now);
  }
}
