import test from "ava";
import { release } from "./calls.ts";
import { ScriptedPeer } from "./scripted-peer.fixture.ts";

/* Segments that a well-behaved peer does not send, one by one, and the answers that RFC 9293 fixes. */

test("TCP: a listener answers a SYN, resets an acknowledgement, and drops everything else", (t) => {
  const answerTo = (flags: string, length = 0): string[] => {
    const peer = new ScriptedPeer();
    peer.listen();
    peer.sends(flags, { place: 0, ack: 777, length });
    return peer.lines;
  };
  t.deepEqual(answerTo("S"), ["0 S. 0 ack 1 win 65535"]);
  t.is(answerTo(".").length, 1);
  t.regex(answerTo(".")[0]!, /^0 R \d+$/);
  t.regex(answerTo("S.")[0]!, /^0 R \d+$/);
  t.regex(answerTo("F.")[0]!, /^0 R \d+$/);
  for (const flags of ["F", "P", "", "SF", "SFP", "R", "R.", "SR"]) {
    t.deepEqual(answerTo(flags, 3), [], flags);
  }
});

test("TCP: a port without a listener resets everything but a reset", (t) => {
  const answerTo = (flags: string, length = 0): string[] =>
    new ScriptedPeer().sends(flags, { place: 0, ack: 0, length }).lines;
  t.deepEqual(answerTo("S"), ["0 R. 0 ack 1"]);
  t.deepEqual(answerTo("SF"), ["0 R. 0 ack 2"]);
  t.deepEqual(answerTo("F", 5), ["0 R. 0 ack 6"]);
  t.deepEqual(answerTo("."), ["0 R 0"]);
  t.deepEqual(answerTo("R"), []);
  t.deepEqual(answerTo("R."), []);
});

test("TCP: in SYN-RECEIVED, a wrong acknowledgement is reset and the handshake goes on", (t) => {
  const peer = new ScriptedPeer();
  const listener = peer.listen();
  peer.sends("S", { place: 0 }).forget();
  peer.sends(".", { place: 1, ack: 2 }).sends(".", { place: 1, ack: 0 });
  t.deepEqual(peer.lines, ["0 R 2", "0 R 0"]);
  t.is(listener.complete.length, 0);
  peer.sends(".", { place: 1, ack: 1 });
  t.is(listener.complete.length, 1);
});

test("TCP: in SYN-RECEIVED, a reset ends a connection that the other side began without a word, and refuses our own", (t) => {
  const passive = new ScriptedPeer();
  const listener = passive.listen();
  passive.sends("S", { place: 0 });
  const [begun] = listener.incomplete;
  passive.sends("R", { place: 1 });
  t.deepEqual([begun!.state, begun!.error, listener.incomplete.size], ["CLOSED", null, 0]);
  const crossing = new ScriptedPeer().startConnecting().sends("S", { place: 0 });
  t.is(crossing.block.state, "SYN-RECEIVED");
  crossing.sends("R", { place: 1 });
  t.deepEqual([crossing.block.state, crossing.block.error], ["CLOSED", "ECONNREFUSED"]);
});

test("TCP: in SYN-SENT, a wrong acknowledgement is reset, and a reset counts only with the right one", (t) => {
  const peer = new ScriptedPeer().startConnecting().forget();
  peer.sends("S.", { place: 0, ack: 2 }).sends("R.", { place: 0, ack: 2 }).sends("R", { place: 0 });
  t.deepEqual([peer.lines, peer.block.state], [["0 R 2"], "SYN-SENT"]);
  peer.sends("R.", { place: 0, ack: 1 });
  t.deepEqual([peer.block.state, peer.block.error], ["CLOSED", "ECONNREFUSED"]);
});

test("TCP: what acknowledges the future, or the distant past, is answered and not looked at", (t) => {
  const peer = new ScriptedPeer().connect({ window: 5000 });
  peer.writes(1000);
  peer.sends(".", { ack: 1001, window: 5000 });
  peer.forget();
  // One byte was never sent; then older than the greatest window; then just within it.
  peer.sends(".", { ack: 1002, length: 10, window: 9 });
  peer.sends(".", { ack: 1001 - 5001, length: 10, window: 9 });
  t.deepEqual(peer.lines, ["0.1 . 1001 ack 1 win 131072", "0.1 . 1001 ack 1 win 131072"]);
  t.deepEqual([peer.block.receiving.length, peer.block.sendWindow], [0, 5000]);
  peer.sends(".", { ack: 1001 - 5000, length: 10, window: 9 });
  t.deepEqual([peer.block.receiving.length, peer.block.sendWindow], [10, 5000]);
});

test("TCP: a reset counts at exactly the expected place; elsewhere in the window it is challenged", (t) => {
  const peer = new ScriptedPeer().connect();
  peer.sends("R", { place: 2 });
  t.deepEqual([peer.lines, peer.block.state], [["0.1 . 1 ack 1 win 131072"], "ESTABLISHED"]);
  peer.sends("R", { place: 131_074 }).sends("R", { place: 0 });
  t.deepEqual([peer.lines.length, peer.block.state], [1, "ESTABLISHED"]);
  peer.sends("R", { place: 1 });
  t.deepEqual([peer.block.state, peer.block.error], ["CLOSED", "ECONNRESET"]);
});

test("TCP: a SYN in a connection is challenged, whatever its place in the window", (t) => {
  const peer = new ScriptedPeer().connect();
  peer.sends("S", { place: 1 }).sends("S", { place: 500 }).sends("S.", { place: 1, ack: 1 });
  t.deepEqual(peer.lines, new Array(3).fill("0.1 . 1 ack 1 win 131072"));
  t.is(peer.block.state, "ESTABLISHED");
});

test("TCP: segments without an acknowledgement are dropped in a connection", (t) => {
  const peer = new ScriptedPeer().connect();
  peer.sends("P", { length: 5 }).sends("F");
  t.deepEqual([peer.lines, peer.block.state, peer.block.receiving.length], [[], "ESTABLISHED", 0]);
});

test("TCP: data for a program that is gone is reset, at the acknowledged place and without an acknowledgement", (t) => {
  const peer = new ScriptedPeer().connect();
  peer.writes(10);
  peer.ends();
  peer.block.isOrphan = true;
  peer.forget().sends(".", { ack: 11, length: 3 });
  t.deepEqual([peer.lines, peer.block.state], [["0.1 R 11"], "CLOSED"]);
});

test("TCP: closing with a single byte unread is a reset, without any unread a FIN", (t) => {
  const closing = (unread: number): string[] => {
    const peer = new ScriptedPeer().connect();
    peer.sends(".", { length: 10, ack: 1 });
    peer.reads(10 - unread);
    release(peer.block, peer.now);
    return peer.lines;
  };
  t.deepEqual([closing(1), closing(0)], [["0.1 R. 1 ack 11"], ["0.1 F. 1 ack 11 win 130944"]]);
});

test("TCP: a retransmission holds only bytes that were sent before, and ends at the edge of a window that shrank", (t) => {
  const peer = new ScriptedPeer().connect();
  peer.writes(100);
  // Nagle's algorithm holds these back.
  peer.writes(200);
  t.deepEqual(peer.lines, ["0.1 P. 1 +100 ack 1 win 131072"]);
  peer.until(1.5);
  // The timeout is the round trip of 0.1 s and a margin of 1 s.
  t.deepEqual(peer.lines.slice(1), ["1.2 . 1 +100 ack 1 win 131072"]);
  const shrunk = new ScriptedPeer().connect({ window: 2000 });
  shrunk.writes(1000);
  shrunk.until(0.15).sends(".", { ack: 1, window: 100 }).forget();
  shrunk.until(2);
  t.deepEqual(shrunk.lines, ["1.2 . 1 +100 ack 1 win 131072"]);
});

test("TCP: a peer that takes its window back to nothing and answers is never given up", (t) => {
  const peer = new ScriptedPeer({ retries: 3, maximumTimeout: 4 }).connect({ window: 2000 });
  peer.writes(1000);
  for (let time = 1; time < 60; time++) {
    peer.until(time).sends(".", { ack: 1, window: 0 });
  }
  t.is(peer.block.state, "ESTABLISHED");
  t.regex(peer.lines.at(-1)!, / P\. 1 \+1000 /);
  peer.until(120);
  t.is(peer.block.error, "ETIMEDOUT");
});

test("TCP: segments follow the MTU of the path when it shrinks and when it grows again", (t) => {
  const peer = new ScriptedPeer().connect();
  peer.block.noDelay = true;
  peer.path.mtu = 500;
  peer.writes(1000);
  t.deepEqual(peer.lines, [
    "0.1 . 1 +460 ack 1 win 131072",
    "0.1 . 461 +460 ack 1 win 131072",
    "0.1 P. 921 +80 ack 1 win 131072",
  ]);
  peer.path.mtu = 340;
  peer.forget().until(1.3);
  t.deepEqual(peer.lines, ["1.2 . 1 +300 ack 1 win 131072"]);
  peer.path.mtu = 9000;
  peer.forget().sends(".", { ack: 1001 });
  peer.writes(2000);
  // The peer takes segments of 1460 bytes. After the timeout, the congestion window is one of them.
  t.deepEqual(peer.lines, ["1.3 . 1001 +1460 ack 1 win 131072"]);
});
