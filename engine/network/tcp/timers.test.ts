import test from "ava";
import { setKeepAlive } from "./calls.ts";
import { ScriptedPeer } from "./scripted-peer.fixture.ts";

/* What is sent again, how often, and what is learnt from it. */

const timesOf = (lines: readonly string[]): number[] => lines.map((line) => Number(line.split(" ")[0]));

test("TCP: the answer to a SYN is sent six times and forgotten then", (t) => {
  const peer = new ScriptedPeer();
  const listener = peer.listen();
  peer.sends("S", { place: 0 }).until(62);
  t.deepEqual(timesOf(peer.lines), [0, 1, 3, 7, 15, 31]);
  t.true(peer.lines.every((line) => line.endsWith("S. 0 ack 1 win 65535")));
  t.is(listener.incomplete.size, 1);
  peer.until(63);
  t.is(listener.incomplete.size, 0);
  // Nothing is left that an acknowledgement could complete.
  peer.forget().sends(".", { place: 1, ack: 1 });
  t.deepEqual(peer.lines, ["63 R 1"]);
});

test("TCP: the settings bound how often a SYN, its answer and data are sent again", (t) => {
  const settings = { synRetries: 2, synAckRetries: 1, retries: 3 };
  const syn = new ScriptedPeer(settings).startConnecting().until(1000);
  t.deepEqual([timesOf(syn.lines), syn.block.error], [[0, 1, 3], "ETIMEDOUT"]);
  const answer = new ScriptedPeer(settings);
  answer.listen();
  t.deepEqual(timesOf(answer.sends("S", { place: 0 }).until(1000).lines), [0, 1]);
  const data = new ScriptedPeer(settings).connect();
  data.writes(1);
  data.until(1000);
  t.deepEqual([timesOf(data.lines), data.block.error], [[0.1, 1.2, 3.4, 7.8], "ETIMEDOUT"]);
});

test("TCP: what is acknowledged ends the count of retries, as often as it happens", (t) => {
  const peer = new ScriptedPeer({ retries: 2, maximumTimeout: 3 }).connect();
  for (let i = 1; i < 6; i++) {
    peer.writes(10);
    peer.until(peer.now + 6);
    peer.sends(".", { ack: 1 + 10 * i });
  }
  t.is(peer.block.state, "ESTABLISHED");
  t.true(peer.lines.length >= 15);
  peer.writes(10);
  peer.until(peer.now + 20);
  t.is(peer.block.error, "ETIMEDOUT");
});

test("TCP: an answer ends the count of questions before a closed window, and of keep-alive questions", (t) => {
  const peer = new ScriptedPeer({ retries: 2, maximumTimeout: 4 }).connect({ window: 0 });
  peer.writes(10);
  for (let i = 0; i < 10; i++) {
    peer.until(peer.now + 5).sends(".", { ack: 1, window: 0 });
  }
  t.is(peer.block.state, "ESTABLISHED");
  peer.until(peer.now + 20);
  t.is(peer.block.error, "ETIMEDOUT");
});

test("TCP: a round trip is not measured by a segment that was sent twice", (t) => {
  const late = new ScriptedPeer().connect();
  late.writes(10);
  late.until(2).sends(".", { ack: 11 });
  t.is(late.block.roundTrip.smoothed, 0.1);
  // The same after a fast retransmission, which no timer began.
  const fast = new ScriptedPeer().connect();
  fast.writes(14_600);
  for (let i = 0; i < 3; i++) {
    fast.sends(".", { ack: 1 });
  }
  t.regex(fast.lines.at(-1)!, /^0.1 \. 1 \+1460 /);
  fast.until(0.9).sends(".", { ack: 14_601 });
  t.is(fast.block.roundTrip.smoothed, 0.1);
  // A segment that was sent once measures again, but not while what is before it is missing.
  fast.writes(10);
  fast.until(1).sends(".", { ack: 14_611 });
  t.is(fast.block.roundTrip.smoothed, 0.1);
  fast.writes(10);
  fast.until(1.9).sends(".", { ack: 14_621 });
  t.is(fast.block.roundTrip.smoothed, 0.1 * 0.875 + 0.9 * 0.125);
});

test("TCP: an acknowledgement of part of what is on the way starts the timer anew", (t) => {
  const peer = new ScriptedPeer().connect();
  peer.writes(2920);
  peer.until(1.1).sends(".", { ack: 1461 });
  peer.until(2.05);
  t.is(peer.lines.length, 2);
  const timeout = peer.block.roundTrip.timeout;
  peer.until(1.1 + timeout);
  t.regex(peer.lines.at(-1)!, / P\. 1461 \+1460 /);
});

test("TCP: a fast retransmission starts the timer anew", (t) => {
  const peer = new ScriptedPeer().connect();
  peer.writes(14_600);
  peer.until(1).forget();
  for (let i = 0; i < 3; i++) {
    peer.sends(".", { ack: 1 });
  }
  peer.until(3);
  t.deepEqual(timesOf(peer.lines), [1, 2.1]);
});

test("TCP: after as much silence as the timeout is long, sending begins with the initial window again", (t) => {
  const peer = new ScriptedPeer().connect();
  let place = 1;
  for (const count of [10, 20, 40]) {
    peer.forget().writes(count * 1460);
    t.is(peer.lines.length, count);
    place += count * 1460;
    peer.sends(".", { ack: place });
  }
  peer.forget().until(peer.now + 0.5);
  peer.writes(40 * 1460);
  t.is(peer.lines.length, 40);
  place += 40 * 1460;
  peer.sends(".", { ack: place }).until(peer.now + 10);
  peer.forget().writes(40 * 1460);
  t.is(peer.lines.length, 10);
});

test("TCP: TIME-WAIT gives way to a SYN with a higher sequence number, and challenges others", (t) => {
  const inTimeWait = (): ScriptedPeer => {
    const peer = new ScriptedPeer().connect();
    peer.ends().sends(".", { ack: 2 }).sends("F.", { place: 1, ack: 2 });
    t.is(peer.block.state, "TIME-WAIT");
    peer.listen();
    return peer.forget();
  };
  const answerTo = (place: number): string[] => inTimeWait().until(30).sends("S", { place }).lines;
  // The FIN had place 1, so that 2 is the place expected next.
  t.deepEqual(answerTo(2), ["30 . 2 ack 2 win 130944"]);
  t.deepEqual(answerTo(1), ["30 . 2 ack 2 win 130944"]);
  t.deepEqual(answerTo(-70_000), ["30 . 2 ack 2 win 130944"]);
  t.deepEqual(answerTo(3), ["30 S. 0 ack 4 win 65535"]);
  t.deepEqual(answerTo(2 ** 31), ["30 S. 0 ack 2147483649 win 65535"]);
});

test("TCP: a connection that takes the place of one in TIME-WAIT is the one that hears", (t) => {
  const peer = new ScriptedPeer().connect();
  peer.ends().sends(".", { ack: 2 }).sends("F.", { place: 1, ack: 2 });
  const listener = peer.listen();
  peer.until(30).sends("S", { place: 70_000 }).sends(".", { place: 70_001, ack: 1, length: 3 });
  t.is(listener.complete[0]!.receiving.length, 3);
  t.deepEqual(
    [...peer.stack.connections()].map(({ state }) => state),
    ["ESTABLISHED"],
  );
});

test("TCP: the minute of TIME-WAIT begins anew with a FIN that comes again, and with nothing else", (t) => {
  const peer = new ScriptedPeer().connect();
  peer.sends(".", { length: 5, ack: 1 }).ends().sends(".", { place: 6, ack: 2 }).sends("F.", { place: 6, ack: 2 });
  const isKnown = (time: number): boolean => [...peer.stack.connections()].some(({ expiresAt }) => expiresAt > time);
  t.deepEqual([isKnown(60), isKnown(60.2)], [true, false]);
  // A copy of data and a question are answered.
  peer.forget().until(30).sends(".", { place: 1, length: 5, ack: 2 }).sends(".", { place: 6, ack: 2 });
  t.deepEqual([peer.lines.length, isKnown(60.2)], [2, false]);
  peer.sends("F.", { place: 6, ack: 2 });
  t.deepEqual([peer.lines.length, isKnown(89.9), isKnown(90.1)], [3, true, false]);
});

test("TCP: keep-alive that is switched off asks nothing more", (t) => {
  const peer = new ScriptedPeer().connect();
  setKeepAlive(peer.block, { idle: 10, interval: 3, count: 2 }, peer.now);
  peer.until(11);
  setKeepAlive(peer.block, null, peer.now);
  peer.until(1000);
  t.deepEqual(timesOf(peer.lines), [10.1]);
});

test("TCP: the handshake measures the round trip, whenever it begins and whoever begins", (t) => {
  const active = new ScriptedPeer();
  active.now = 5;
  active.startConnecting().until(5.25).sends("S.", { place: 0, ack: 1 });
  const passive = new ScriptedPeer();
  passive.now = 5;
  const listener = passive.listen();
  passive.sends("S", { place: 0 }).until(5.25).sends(".", { place: 1, ack: 1 });
  t.deepEqual([active.block.roundTrip.smoothed, listener.complete[0]!.roundTrip.smoothed], [0.25, 0.25]);
});

test("TCP: an answer ends the count of keep-alive questions, and starts the silence anew", (t) => {
  const peer = new ScriptedPeer().connect();
  setKeepAlive(peer.block, { idle: 10, interval: 3, count: 2 }, peer.now);
  peer.until(14).sends(".", { ack: 1 });
  peer.until(28).sends(".", { ack: 1 });
  peer.until(50);
  // Questions after 10 and 13 s of silence; without an answer, the end after 16 s.
  t.deepEqual(timesOf(peer.lines), [10.1, 13.1, 24, 27, 38, 41]);
  t.deepEqual([peer.block.state, peer.block.error], ["CLOSED", "ETIMEDOUT"]);
  t.true(peer.lines.every((line) => line.endsWith(" . 0 ack 1 win 131072")));
});

test("TCP: in TIME-WAIT no question is asked, whatever comes again", (t) => {
  const peer = new ScriptedPeer().connect();
  setKeepAlive(peer.block, { idle: 10, interval: 3, count: 2 }, peer.now);
  peer.ends().sends(".", { ack: 2 }).sends("F.", { place: 1, ack: 2 });
  peer.until(5).sends("F.", { place: 1, ack: 2 });
  t.deepEqual([peer.block.state, peer.block.keepAliveAt], ["TIME-WAIT", Number.POSITIVE_INFINITY]);
});
