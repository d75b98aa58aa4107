import test from "ava";
import { ScriptedPeer } from "./scripted-peer.fixture.ts";

/* Selective acknowledgements: RFC 2018 for what is reported, RFC 6675 for what follows from it. */

const SEGMENT = 1460;
/** Place of the segment with this number, from 0. */
const at = (number: number): number => 1 + number * SEGMENT;
const PERMITTED = { options: { sackPermitted: true } };

/** What a host has sent again, without times and windows. */
const shortly = (lines: readonly string[]): string[] =>
  lines.map((line) => line.replace(/^\S+ (\S+) (\d+)( \+\d+)? ack 1 win \d+$/, "$2$3"));

/** A host that has sent ten segments of data at 0.1 s. */
function tenSegments(): ScriptedPeer {
  const peer = new ScriptedPeer().connect(PERMITTED);
  peer.writes(10 * SEGMENT);
  return peer.forget();
}

test("SACK: early data is reported, the block that grew last first, until it is in order", (t) => {
  const peer = new ScriptedPeer().connect(PERMITTED);
  const report = (place: number, length: number): string => {
    peer.forget().sends(".", { place, ack: 1, length });
    return peer.lines.at(-1)!.replace(/^0.1 \. 1 (ack \d+) win \d+/, "$1");
  };
  t.is(report(101, 100), "ack 1 sack 101,201");
  t.is(report(201, 50), "ack 1 sack 101,251");
  t.is(report(1001, 100), "ack 1 sack 1001,1101,101,251");
  t.is(report(401, 100), "ack 1 sack 401,501,1001,1101,101,251");
  t.is(report(601, 100), "ack 1 sack 601,701,401,501,1001,1101,101,251");
  // Four blocks fit.
  t.is(report(801, 100), "ack 1 sack 801,901,601,701,401,501,1001,1101");
  t.is(report(301, 100), "ack 1 sack 301,501,801,901,601,701,1001,1101");
  t.is(report(501, 500), "ack 1 sack 301,1101");
  t.is(report(1, 100), "ack 251 sack 301,1101");
  t.is(report(251, 50), "ack 1101");
});

test("SACK: a side that was not offered them reports nothing and hears nothing", (t) => {
  const peer = new ScriptedPeer().connect();
  peer.sends(".", { place: 101, ack: 1, length: 100 });
  t.deepEqual(peer.lines, ["0.1 . 1 ack 1 win 131072"]);
  peer.writes(10 * SEGMENT);
  peer.forget().sends(".", { ack: 1, sack: [at(5), at(10)] });
  t.deepEqual(peer.lines, []);
});

test("SACK: it is offered with a SYN, and answered if it was offered", (t) => {
  t.true(new ScriptedPeer().startConnecting().sent[0]!.sackPermitted);
  for (const sackPermitted of [true, false]) {
    const peer = new ScriptedPeer();
    peer.listen();
    peer.sends("S", { place: 0, options: { sackPermitted } });
    t.is(peer.sent[0]!.sackPermitted, sackPermitted);
    // 20 bytes of IP, 20 of TCP, and options in words of four.
    t.is(peer.sent[0]!.sizeBytes, 48 + (sackPermitted ? 4 : 0));
  }
});

test("SACK: a segment with data has as many blocks as fit beside it", (t) => {
  const peer = new ScriptedPeer().connect(PERMITTED);
  for (const place of [101, 301, 501, 701]) {
    peer.sends(".", { place, ack: 1, length: 100 });
  }
  const blocksBeside = (length: number): number => {
    peer.writes(length);
    const segment = peer.sent.at(-1)!;
    t.true(segment.data.length === length && segment.sizeBytes <= 1500);
    return segment.sack.length / 2;
  };
  peer.block.noDelay = true;
  t.deepEqual([1460, 1449, 1448, 1440, 1424, 1423].map(blocksBeside), [0, 0, 1, 2, 4, 4]);
});

test("SACK: when three segments have come from behind, those that are missing are sent again, and no others", (t) => {
  const peer = tenSegments();
  peer.sends(".", { ack: 1, sack: [at(1), at(2)] });
  peer.sends(".", { ack: 1, sack: [at(3), at(4), at(1), at(2)] });
  t.deepEqual(peer.lines, []);
  peer.sends(".", { ack: 1, sack: [at(5), at(6), at(3), at(4), at(1), at(2)] });
  // Half of ten segments may be on the way. Seven are, less the one that is known to be lost.
  t.deepEqual(shortly(peer.lines), ["1 +1460"]);
  peer.forget().sends(".", { ack: 1, sack: [at(5), at(10), at(3), at(4), at(1), at(2)] });
  t.deepEqual(shortly(peer.lines), [`${at(2)} +1460`, `${at(4)} +1460`]);
  peer.forget().sends(".", { ack: at(2), sack: [at(5), at(10), at(3), at(4)] });
  peer.sends(".", { ack: at(4), sack: [at(5), at(10)] });
  peer.sends(".", { ack: at(10) });
  t.deepEqual(peer.lines, []);
  t.deepEqual([peer.block.congestion.isRecovering, peer.block.congestion.window], [false, 5 * SEGMENT]);
});

test("SACK: during a recovery new data goes out as the pipe empties", (t) => {
  const peer = tenSegments();
  peer.writes(10 * SEGMENT);
  peer.forget();
  for (let i = 1; i < 10; i++) {
    peer.sends(".", { ack: 1, sack: [at(1), at(i + 1)] });
  }
  // The first two reports let a new segment out each: limited transmit.
  t.deepEqual(shortly(peer.lines), [
    `${at(10)} +1460`,
    `${at(11)} +1460`,
    "1 +1460",
    `${at(12)} +1460`,
    `${at(13)} +1460`,
    `${at(14)} +1460`,
  ]);
});

test("SACK: an acknowledgement of a part shows that the next segment is lost, although nothing came from behind it", (t) => {
  const peer = tenSegments();
  for (let i = 1; i < 5; i++) {
    peer.sends(".", { ack: 1, sack: [at(1), at(i + 1)] });
  }
  peer.forget().sends(".", { ack: at(5) });
  t.deepEqual(shortly(peer.lines), [`${at(5)} +1460`]);
});

test("SACK: behind a timeout what was reported is not sent again, unless the timeout comes twice", (t) => {
  const peer = tenSegments();
  peer.sends(".", { ack: 1, sack: [at(1), at(2)] }).sends(".", { ack: 1, sack: [at(3), at(10), at(1), at(2)] });
  peer.forget().until(1.25);
  t.deepEqual(shortly(peer.lines), ["1 +1460"]);
  peer.forget().sends(".", { ack: at(2), sack: [at(3), at(10)] });
  t.deepEqual(shortly(peer.lines), [`${at(2)} +1460`]);
  const reneging = tenSegments();
  reneging.sends(".", { ack: 1, sack: [at(1), at(2)] });
  reneging.until(3.5).forget();
  reneging.sends(".", { ack: at(1) });
  t.deepEqual(shortly(reneging.lines), [`${at(1)} +1460`, `${at(2)} +1460`]);
});

test("SACK: nonsense in a report is passed over", (t) => {
  const peer = tenSegments();
  for (const sack of [
    [at(4), at(4)],
    [at(5), at(4)],
    [at(9), at(11)],
    [at(0), at(2)],
    [at(0) - 5, at(0) - 1],
  ]) {
    peer.sends(".", { ack: 1, sack }).sends(".", { ack: 1, sack });
  }
  t.deepEqual([peer.lines, peer.block.scoreboard!.bytes], [[], 0]);
});

test("SACK: a report without news is not a repetition", (t) => {
  const peer = tenSegments();
  for (let i = 0; i < 5; i++) {
    peer.sends(".", { ack: 1, sack: [at(1), at(2)] });
  }
  t.deepEqual(peer.lines, []);
});

test("SACK: a lost FIN is sent again with the last data that is missing", (t) => {
  const peer = new ScriptedPeer().connect(PERMITTED);
  peer.writes(5 * SEGMENT);
  peer.ends();
  peer.forget().sends(".", { ack: at(4), sack: [] });
  peer.until(1.4);
  t.deepEqual(peer.lines, [`1.1875 FP. ${at(4)} +1460 ack 1 win 131072`]);
});

test("SACK: a segment that comes twice is reported once, before the other blocks", (t) => {
  const peer = new ScriptedPeer().connect(PERMITTED);
  const answerTo = (place: number, length: number): string[] => {
    peer.forget().sends(".", { place, ack: 1, length });
    return peer.lines.map((line) => line.replace(/^0.1 \. 1 (ack \d+) win \d+/, "$1"));
  };
  peer.sends(".", { place: 1, ack: 1, length: 100 });
  t.deepEqual(answerTo(1, 100), ["ack 101 sack 1,101"]);
  t.deepEqual(answerTo(301, 100), ["ack 101 sack 301,401"]);
  t.deepEqual(answerTo(51, 50), ["ack 101 sack 51,101,301,401"]);
  t.deepEqual(answerTo(301, 50), ["ack 101 sack 301,351,301,401"]);
  t.deepEqual(answerTo(501, 50), ["ack 101 sack 501,551,301,401"]);
  // A question, which carries nothing, is answered without.
  t.deepEqual(answerTo(100, 0), ["ack 101 sack 501,551,301,401"]);
});

test("SACK: a segment that was sent again and came twice was not lost: the window is what it was, and patience grows", (t) => {
  const peer = tenSegments();
  for (let i = 1; i < 6; i++) {
    peer.sends(".", { ack: 1, sack: [at(1), at(i + 1)] });
  }
  const { congestion } = peer.block;
  t.deepEqual([congestion.isRecovering, congestion.window], [true, 5 * SEGMENT]);
  // The segment was late, and what was sent again comes in vain.
  peer.sends(".", { ack: at(10) });
  t.is(congestion.window, 5 * SEGMENT);
  peer.sends(".", { ack: at(10), sack: [at(0), at(1)] });
  t.deepEqual([congestion.isRecovering, congestion.window >= 10 * SEGMENT], [false, true]);
  peer.writes(10 * SEGMENT);
  peer.forget();
  for (let i = 11; i < 17; i++) {
    peer.sends(".", { ack: at(10), sack: [at(11), at(i + 1)] });
  }
  t.deepEqual(shortly(peer.lines).length, 0);
  peer.sends(".", { ack: at(10), sack: [at(11), at(18)] });
  t.deepEqual(shortly(peer.lines), [`${at(10)} +1460`]);
});

test("SACK: what came twice may lie within the block behind it, and all of it must come twice", (t) => {
  const peer = tenSegments();
  // Segments 0 and 2 are late.
  for (const end of [4, 6, 8, 10]) {
    peer.sends(".", { ack: 1, sack: [at(3), at(end), at(1), at(2)] });
  }
  t.deepEqual(shortly(peer.lines), ["1 +1460", `${at(2)} +1460`]);
  const { congestion } = peer.block;
  peer.sends(".", { ack: 1, sack: [at(1), at(10)] });
  peer.sends(".", { ack: 1, sack: [at(2), at(3), at(1), at(10)] });
  t.true(congestion.isRecovering);
  peer.sends(".", { ack: at(10) }).sends(".", { ack: at(10), sack: [at(0), at(1)] });
  t.deepEqual([congestion.isRecovering, congestion.window >= 10 * SEGMENT], [false, true]);
});

test("SACK: a segment that was sent once and comes behind others is late, which is learnt at once", (t) => {
  const peer = tenSegments();
  peer.sends(".", { ack: 1, sack: [at(2), at(3)] }).sends(".", { ack: 1, sack: [at(2), at(4)] });
  peer.sends(".", { ack: at(4) });
  t.is(peer.block.reordering.threshold(1e6, SEGMENT), 5);
  // Late for others that have come before it, as well, when it fills a gap between them.
  peer
    .sends(".", { ack: at(4), sack: [at(9), at(10)] })
    .sends(".", { ack: at(4), sack: [at(5), at(6), at(9), at(10)] });
  t.is(peer.block.reordering.threshold(1e6, SEGMENT), 6);
  t.false(peer.block.congestion.isRecovering);
});

test("SACK: a copy that the network made says nothing about what was sent again", (t) => {
  const peer = tenSegments();
  for (let i = 1; i < 5; i++) {
    peer.sends(".", { ack: 1, sack: [at(1), at(i + 1)] });
  }
  peer.sends(".", { ack: 1, sack: [at(2), at(3), at(1), at(5)] });
  t.true(peer.block.congestion.isRecovering);
  t.is(peer.block.congestion.window, 5 * SEGMENT);
});

test("SACK: what was sent again and is lost again is sent once more, when enough has come of what was sent later", (t) => {
  const peer = tenSegments();
  peer.writes(10 * SEGMENT);
  for (let i = 1; i < 10; i++) {
    peer.sends(".", { ack: 1, sack: [at(1), at(i + 1)] });
  }
  peer.forget();
  // Twelve segments had been sent when the first was sent again.
  for (let i = 10; i < 15; i++) {
    peer.sends(".", { ack: 1, sack: [at(1), at(i + 1)] });
  }
  t.is(peer.lines.filter((line) => line.includes(" 1 +1460 ")).length, 0);
  peer.sends(".", { ack: 1, sack: [at(1), at(16)] });
  t.is(peer.lines.filter((line) => line.includes(" 1 +1460 ")).length, 1);
  t.regex(peer.lines.find((line) => line.includes(" 1 +1460 "))!, /^0\.1 /);
  t.true(peer.block.congestion.isRecovering);
});

test("SACK: a recovery that follows another does not send again what that one has sent again", (t) => {
  const peer = tenSegments();
  peer.writes(15 * SEGMENT);
  for (let i = 1; i < 12; i++) {
    peer.sends(".", { ack: 1, sack: [at(1), at(i + 1)] });
  }
  // Segment 12, sent in the recovery of the first, is lost as well.
  for (const end of [14, 15, 16, 17]) {
    peer.sends(".", { ack: 1, sack: [at(13), at(end), at(1), at(12)] });
  }
  const again = (): number => peer.lines.filter((line) => line.includes(` ${at(12)} +1460 `)).length;
  t.is(again(), 2);
  peer.sends(".", { ack: at(12), sack: [at(13), at(17)] });
  t.false(peer.block.congestion.isRecovering);
  peer.sends(".", { ack: at(12), sack: [at(13), at(18)] });
  t.deepEqual([peer.block.congestion.isRecovering, again()], [true, 2]);
});

test("SACK: when there is nothing new to send, what may be lost is sent again", (t) => {
  const peer = tenSegments();
  peer.sends(".", { ack: 1, sack: [at(1), at(5)] }).forget();
  peer.sends(".", { ack: 1, sack: [at(8), at(9), at(1), at(5)] });
  t.deepEqual(peer.lines, []);
  // Five segments may be on the way. Four are: the first, for the second time, and three with only two from behind
  // them.
  peer.sends(".", { ack: 1, sack: [at(8), at(10), at(1), at(5)] });
  t.deepEqual(shortly(peer.lines), [`${at(5)} +1460`]);
});
