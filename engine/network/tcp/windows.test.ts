import test from "ava";
import { ScriptedPeer } from "./scripted-peer.fixture.ts";

/* What may be sent and what is taken in, segment by segment; window.test.ts has whole transfers. */

test("TCP: the window of an older segment does not replace that of a newer one", (t) => {
  const peer = new ScriptedPeer().connect({ window: 8000 });
  peer.writes(100);
  peer.sends(".", { place: 11, length: 10, ack: 51, window: 3000 });
  t.is(peer.block.sendWindow, 3000);
  // An older place; the same place and an older acknowledgement.
  peer.sends(".", { place: 1, length: 10, ack: 51, window: 9000 });
  peer.sends(".", { place: 11, length: 10, ack: 41, window: 9000 });
  t.is(peer.block.sendWindow, 3000);
  // A later place does not make up for an older acknowledgement: RFC 9293, section 3.10.7.4.
  peer.sends(".", { place: 21, ack: 41, window: 9000 });
  t.is(peer.block.sendWindow, 3000);
  // What is as new counts, whether it opens the window or closes it.
  peer.sends(".", { place: 21, ack: 51, window: 4000 });
  peer.sends(".", { place: 21, ack: 51, window: 2000 });
  t.is(peer.block.sendWindow, 2000);
});

test("TCP: window updates are not repetitions, and neither are segments with data or a FIN", (t) => {
  const peer = new ScriptedPeer().connect();
  peer.writes(14_600);
  peer.forget();
  for (const window of [60_000, 59_000, 58_000, 57_000, 56_000]) {
    peer.sends(".", { ack: 1, window });
  }
  for (let place = 1; place < 60; place += 10) {
    peer.sends(".", { place, ack: 1, length: 10, window: 56_000 });
  }
  t.deepEqual(
    peer.lines.filter((line) => line.includes("+")),
    [],
  );
  for (let i = 0; i < 3; i++) {
    peer.sends(".", { place: 61, ack: 1, window: 56_000 });
  }
  t.is(peer.lines.filter((line) => line.includes(" 1 +1460 ")).length, 1);
});

test("TCP: where nothing is on the way, an acknowledgement repeats nothing", (t) => {
  const peer = new ScriptedPeer().connect();
  for (let i = 0; i < 5; i++) {
    peer.sends(".", { ack: 1 });
  }
  peer.writes(2920);
  t.is(peer.lines.length, 2);
  t.false(peer.block.congestion.isRecovering);
});

test("TCP: two repeated acknowledgements let a new segment out each, the third sends the first one again", (t) => {
  const peer = new ScriptedPeer().connect();
  peer.writes(14_600 + 5000);
  peer.forget();
  for (let i = 0; i < 3; i++) {
    peer.sends(".", { ack: 1 });
  }
  t.deepEqual(peer.lines, [
    "0.1 . 14601 +1460 ack 1 win 131072",
    "0.1 . 16061 +1460 ack 1 win 131072",
    "0.1 . 1 +1460 ack 1 win 131072",
  ]);
});

test("TCP: a sender waits for room for a full segment, or for half the greatest window, or a timeout", (t) => {
  const peer = new ScriptedPeer().connect({ window: 4000 });
  peer.writes(10_000);
  // Two full segments; the rest of the window, 1080 bytes, is less than either.
  t.deepEqual(peer.lines, ["0.1 . 1 +1460 ack 1 win 131072", "0.1 . 1461 +1460 ack 1 win 131072"]);
  peer.forget().sends(".", { ack: 2921, window: 1459 });
  t.deepEqual(peer.lines, []);
  peer.sends(".", { ack: 2921, window: 1999 }).forget();
  const small = new ScriptedPeer().connect({ window: 1000 });
  small.writes(10_000);
  t.deepEqual(small.lines, ["0.1 . 1 +1000 ack 1 win 131072"]);
  small.forget().sends(".", { ack: 1001, window: 499 });
  t.deepEqual(small.lines, []);
  small.sends(".", { ack: 1001, window: 500 });
  t.deepEqual(small.lines, ["0.1 . 1001 +500 ack 1 win 131072"]);
  const stuck = new ScriptedPeer().connect({ window: 1000 });
  stuck.writes(10_000);
  stuck.sends(".", { ack: 1001, window: 100 }).forget().until(3);
  t.regex(stuck.lines[0]!, /^1\.\d+ \. 1001 \+100 ack 1 /);
});

test("TCP: a receiver opens its window in steps of a segment, and of half a small buffer", (t) => {
  const peer = new ScriptedPeer({ receiveBufferBytes: 4096, maximumReceiveBufferBytes: 4096 }).connect();
  for (const place of [1, 1461]) {
    peer.sends(".", { place, ack: 1, length: 1460 });
  }
  peer.until(1).sends(".", { place: 2921, ack: 1, length: 1175 }).until(2);
  t.is(peer.lines.at(-1)!.replace(/^\S+ /, ""), ". 1 ack 4096 win 0");
  peer.forget();
  // Less than a segment is not announced, not even when it is asked for.
  peer.reads(1400);
  peer.sends(".", { place: 4095, ack: 1 });
  t.deepEqual(peer.lines, ["2 . 1 ack 4096 win 0"]);
  peer.forget().reads(700);
  t.deepEqual(peer.lines, ["2 . 1 ack 4096 win 2048"]);
});

test("TCP: a receiver whose segments have outgrown its buffer opens its window in steps of half the buffer", (t) => {
  const peer = new ScriptedPeer({ receiveBufferBytes: 0 });
  peer.path.mtu = 576;
  peer.connect({ options: { maximumSize: 8960 } });
  peer.path.mtu = 9000;
  peer.writes(1);
  peer.sends(".", { place: 1, ack: 2, length: 1072 }).until(1);
  t.is(peer.lines.at(-1)!.replace(/^\S+ /, ""), ". 2 ack 1073 win 0");
  peer.forget().reads(535);
  t.deepEqual(peer.lines, []);
  peer.reads(1);
  t.deepEqual(peer.lines, ["1 . 2 ack 1073 win 512"]);
});

test("TCP: the send buffer takes what it has room for, to the byte", (t) => {
  const peer = new ScriptedPeer({ sendBufferBytes: 5000 }).connect();
  t.deepEqual([peer.writes(4999), peer.writes(10), peer.writes(10)], [4999, 1, 0]);
  peer.sends(".", { ack: 1461 });
  t.deepEqual([peer.writes(2000), peer.writes(1)], [1460, 0]);
});

test("TCP: behind a timeout, what was sent before is sent again without waiting for more to fill a segment", (t) => {
  const peer = new ScriptedPeer().connect();
  peer.block.noDelay = true;
  peer.writes(2930);
  peer.block.noDelay = false;
  peer.until(1.3).forget().sends(".", { ack: 1461 });
  t.deepEqual(peer.lines, ["1.3 . 1461 +1460 ack 1 win 131072", "1.3 P. 2921 +10 ack 1 win 131072"]);
});

test("TCP: what goes out before a window that stays small follows the MTU of the path", (t) => {
  const peer = new ScriptedPeer().connect({ window: 4000 });
  peer.writes(10_000);
  peer.sends(".", { ack: 2921, window: 700 }).forget();
  peer.path.mtu = 540;
  peer.until(2);
  t.deepEqual(
    peer.lines.map((line) => line.replace(/^\S+ /, "")),
    [". 2921 +500 ack 1 win 131072"],
  );
});

test("TCP: data that goes out while the window is nearly closed repeats the last acknowledgement", (t) => {
  const peer = new ScriptedPeer({ receiveBufferBytes: 0 }).accept();
  peer.sends(".", { length: 1460, ack: 1 });
  peer.writes(10);
  t.deepEqual(peer.lines, ["0.1 P. 1 +10 ack 1 win 2816"]);
});

test("TCP: what lies beyond the window is cut off, to the byte", (t) => {
  const peer = new ScriptedPeer({ receiveBufferBytes: 4096, maximumReceiveBufferBytes: 4096 }).connect();
  for (const place of [1, 1001, 2001, 3001]) {
    peer.sends(".", { place, ack: 1, length: 1000 });
  }
  t.is(peer.block.receiving.length, 4000);
  peer.sends(".", { place: 4001, ack: 1, length: 1000 });
  t.is(peer.block.receiving.length, 4096);
  // One byte more is not even looked at, early or in order, but answered: it may ask for the window.
  peer.until(1).forget();
  peer.sends(".", { place: 4097, ack: 1, length: 1 }).sends(".", { place: 4098, ack: 1, length: 1 });
  t.deepEqual([peer.block.receiving.length, peer.block.receiving.hasGap], [4096, false]);
  t.deepEqual(peer.lines, ["1 . 1 ack 4097 win 0", "1 . 1 ack 4097 win 0"]);
});

test("TCP: what was received before is cut off, to the byte", (t) => {
  const peer = new ScriptedPeer().connect();
  peer.sends(".", { place: 1, ack: 1, length: 10 }).sends(".", { place: 1, ack: 1, length: 11 });
  peer.sends(".", { place: 5, ack: 1, length: 20 }).sends(".", { place: 2, ack: 1, length: 5 });
  t.is(peer.block.receiving.length, 24);
  t.deepEqual(
    [...peer.block.receiving.take(100)],
    Array.from({ length: 24 }, (_, i) => i + 1),
  );
});

test("TCP: a lone FIN or a few bytes go out before a closed congestion window as soon as there is room", (t) => {
  const peer = new ScriptedPeer({ initialWindow: 1 }).connect();
  peer.writes(1460);
  peer.writes(10);
  peer.ends();
  t.deepEqual(
    peer.lines,
    ["0.1 . 1 +1460 ack 1 win 131072"].map((line) => line.replace(". 1 +", "P. 1 +")),
  );
  peer.forget().sends(".", { ack: 1461 });
  t.deepEqual(peer.lines, ["0.1 FP. 1461 +10 ack 1 win 131072"]);
});

test("TCP: the receive buffer doubles for a program that keeps up, once in a round trip", (t) => {
  const peer = new ScriptedPeer().connect();
  let place = 1;
  /** The peer sends 40,000 bytes; the program leaves `unread` of them. @returns The room afterwards. */
  const receive = (unread: number, at: number): number => {
    peer.until(at).sends(".", { place, ack: 1, length: 40_000 });
    place += 40_000;
    peer.reads(peer.block.receiving.length - unread);
    return peer.block.capacity;
  };
  t.is(receive(0, 0.12), 131_072);
  // Half of the buffer was taken, but within less than the round trip of 0.1 s.
  t.is(receive(0, 0.19), 131_072);
  t.is(receive(0, 0.3), 2 * 131_072 + 16 * 1460);
  const grown = peer.block.capacity;
  t.is(receive(0, 0.4), grown);
  t.is(receive(0, 0.5), grown);
  t.is(receive(0, 0.6), grown);
  t.is(receive(0, 0.7), 2 * grown + 16 * 1460);
});

test("TCP: the receive buffer of a program that falls behind, or of a sender that pauses, does not grow", (t) => {
  const behind = new ScriptedPeer().connect();
  let place = 1;
  for (let i = 0; i < 8; i++) {
    behind.until(0.2 + i * 0.1).sends(".", { place, ack: 1, length: 40_000 });
    place += 40_000;
    behind.reads(behind.block.receiving.length - 32_769);
  }
  t.is(behind.block.capacity, 131_072);
  const paused = new ScriptedPeer().connect();
  for (let i = 0; i < 8; i++) {
    // More than the timeout of 1.1 s apart.
    paused.until(0.2 + i * 1.2).sends(".", { place: 1 + 40_000 * i, ack: 1, length: 40_000 });
    paused.reads(40_000);
  }
  t.is(paused.block.capacity, 131_072);
  const justKeepsUp = new ScriptedPeer().connect();
  for (let i = 0; i < 4; i++) {
    justKeepsUp.until(0.2 + i * 0.1).sends(".", { place: 1 + 40_000 * i, ack: 1, length: 40_000 });
    justKeepsUp.reads(justKeepsUp.block.receiving.length - 32_768);
  }
  t.is(justKeepsUp.block.capacity, 2 * 131_072 + 16 * 1460);
});

test("TCP: with a peer that does not scale windows, neither side does", (t) => {
  const peer = new ScriptedPeer().connect({ options: { windowScale: -1 } });
  peer.sends(".", { place: 1, ack: 1, length: 10, window: 5000 }).until(1);
  t.deepEqual([peer.sent.at(-1)!.window, peer.block.sendWindow], [65_535, 5000]);
  const scaled = new ScriptedPeer().connect({ options: { windowScale: 3 } });
  scaled.sends(".", { place: 1, ack: 1, length: 10, window: 5000 }).until(1);
  t.deepEqual([scaled.sent.at(-1)!.window, scaled.block.sendWindow], [(131_072 - 128) >> 7, 40_000]);
  // The window of a SYN is not scaled, and no scale is greater than 14: RFC 7323, sections 2.2 and 2.3.
  const odd = new ScriptedPeer().connect({ window: 5000, options: { windowScale: 255 } });
  t.is(odd.block.sendWindow, 5000);
  odd.sends(".", { ack: 1, window: 2 });
  t.is(odd.block.sendWindow, 2 << 14);
});

test("TCP: an acknowledgement waits 40 ms from the first segment on that it is for", (t) => {
  const peer = new ScriptedPeer().connect();
  peer.sends(".", { place: 1, ack: 1, length: 10 });
  peer.until(0.13).sends(".", { place: 11, ack: 1, length: 10 });
  t.deepEqual(peer.until(1).lines, ["0.14 . 1 ack 21 win 130944"]);
});

test("TCP: a peer that does not say what it takes gets segments of 536 bytes", (t) => {
  const peer = new ScriptedPeer().connect({ options: { maximumSize: 0 } });
  peer.writes(600);
  t.deepEqual(peer.lines, ["0.1 . 1 +536 ack 1 win 131072"]);
  const passive = new ScriptedPeer();
  const listener = passive.listen();
  passive.sends("S", { place: 0, options: { maximumSize: 0 } }).sends(".", { place: 1, ack: 1 });
  t.is(listener.complete[0]!.segmentBytes, 536);
});

test("TCP: the acknowledgement of a lone segment waits 40 ms, that of the second goes out at once", (t) => {
  const peer = new ScriptedPeer().connect();
  peer.sends(".", { place: 1, ack: 1, length: 1460 });
  t.is(peer.until(0.13).lines.length, 0);
  t.is(peer.until(0.14).lines.length, 1);
  peer.sends(".", { place: 1461, ack: 1, length: 1459 });
  peer.sends(".", { place: 2920, ack: 1, length: 1460 });
  // One byte less than two segments.
  t.is(peer.lines.length, 1);
  peer.sends(".", { place: 4380, ack: 1, length: 1 });
  t.is(peer.lines.length, 2);
});
