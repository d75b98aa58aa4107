import test from "ava";
import { AddressBook } from "../address.ts";
import { release } from "./calls.ts";
import { ScriptedPeer } from "./scripted-peer.fixture.ts";

/* What happens rarely, one law each. */

test("TCP: a SYN that comes again is answered again at once, before the timer", (t) => {
  const peer = new ScriptedPeer();
  peer.listen();
  peer.sends("S", { place: 0 }).until(0.2).sends("S", { place: 0 });
  t.deepEqual(peer.lines, ["0 S. 0 ack 1 win 65535", "0.2 S. 0 ack 1 win 65535"]);
});

test("TCP: the answer to a SYN offers a window scale if the SYN did", (t) => {
  const scaleFor = (windowScale: number): number => {
    const peer = new ScriptedPeer();
    peer.listen();
    peer.sends("S", { place: 0, options: { windowScale } });
    return peer.sent[0]!.windowScale;
  };
  t.deepEqual([scaleFor(-1), scaleFor(0), scaleFor(5)], [-1, 7, 7]);
});

test("TCP: a reset announces no window", (t) => {
  const peer = new ScriptedPeer().sends("S", { place: 0 });
  const aborted = new ScriptedPeer().connect();
  aborted.sends(".", { length: 1, ack: 1 });
  release(aborted.block, aborted.now);
  t.deepEqual(
    [peer.sent.at(-1)!, aborted.sent.at(-1)!].map(({ flagText, window }) => `${flagText} ${window}`),
    ["R. 0", "R. 0"],
  );
});

test("TCP: the window of a SYN is not scaled, so that no more than 65535 bytes may come at first", (t) => {
  const peer = new ScriptedPeer().accept();
  peer.sends(".", { place: 65_536, ack: 1, length: 1 });
  t.false(peer.block.receiving.hasGap);
  peer.sends(".", { place: 65_535, ack: 1, length: 1 });
  t.true(peer.block.receiving.hasGap);
});

test("TCP: a program that does not fill the window does not make it grow", (t) => {
  const peer = new ScriptedPeer().connect();
  for (let i = 1; i <= 20; i++) {
    peer.writes(2920);
    peer.sends(".", { ack: 1 + 2920 * i });
  }
  t.is(peer.block.congestion.window, 14_600);
});

test("TCP: silence begins with the last segment that was sent", (t) => {
  const peer = new ScriptedPeer().connect().until(10);
  let place = 1;
  for (const count of [10, 20, 40]) {
    peer.forget().writes(count * 1460);
    t.is(peer.lines.length, count);
    place += count * 1460;
    peer.sends(".", { ack: place });
  }
});

test("TCP: an abandoned connection whose FIN is acknowledged waits for that of the other side for a minute", (t) => {
  const peer = new ScriptedPeer().connect();
  release(peer.block, peer.now);
  t.is(peer.block.state, "FIN-WAIT-1");
  peer.until(1).sends(".", { ack: 2 });
  t.deepEqual([peer.block.state, peer.block.expiresAt], ["FIN-WAIT-2", 61]);
  const open = new ScriptedPeer().connect().ends().sends(".", { ack: 2 });
  t.deepEqual([open.block.state, open.block.expiresAt], ["FIN-WAIT-2", Number.POSITIVE_INFINITY]);
  release(open.block, 5);
  t.is(open.block.expiresAt, 65);
});

test("TCP: what comes before a closed window still acknowledges", (t) => {
  const peer = new ScriptedPeer({ receiveBufferBytes: 2920, maximumReceiveBufferBytes: 2920 }).connect();
  peer.sends(".", { place: 1, ack: 1, length: 1460 }).sends(".", { place: 1461, ack: 1, length: 1460 }).until(1);
  peer.writes(10);
  peer.sends(".", { place: 2921, ack: 11, length: 1 });
  t.deepEqual([peer.block.receiving.length, peer.block.unacknowledged], [2920, 11]);
});

test("TCP: blocks have room beside the small segments of a peer that takes no bigger ones", (t) => {
  const peer = new ScriptedPeer().connect({ options: { sackPermitted: true, maximumSize: 536 } });
  for (const place of [101, 301, 501, 701]) {
    peer.sends(".", { place, ack: 1, length: 100 });
  }
  peer.block.noDelay = true;
  peer.writes(536);
  t.deepEqual([peer.sent.at(-1)!.data.length, peer.sent.at(-1)!.sack.length], [536, 8]);
});

test("TCP: once the other side has sent everything, reading announces nothing", (t) => {
  const peer = new ScriptedPeer({ receiveBufferBytes: 4096, maximumReceiveBufferBytes: 4096 }).connect();
  peer.sends(".", { place: 1, ack: 1, length: 1460 }).sends("F.", { place: 1461, ack: 1, length: 1460 });
  peer.until(1).forget();
  t.is(peer.reads(9999), 2920);
  t.deepEqual(peer.lines, []);
});

test("TCP: who listens at all addresses of a family takes no connections of the other", (t) => {
  const answerTo = (address: string): string => {
    const peer = new ScriptedPeer();
    peer.stack.listen(new AddressBook().get(address), 5000, 5);
    return peer.sends("S", { place: 0 }).sent[0]!.flagText;
  };
  t.deepEqual([answerTo("0.0.0.0"), answerTo("::")], ["S.", "R."]);
});

test("TCP: segments are not bigger than the path allows, whatever the other side takes", (t) => {
  const peer = new ScriptedPeer().connect({ options: { maximumSize: 9000 } });
  peer.writes(3000);
  t.deepEqual(
    peer.sent.slice(-2).map(({ data }) => data.length),
    [1460, 1460],
  );
});
