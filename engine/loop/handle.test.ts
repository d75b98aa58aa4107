import test from "ava";
import { EventLoop } from "../index.ts";

function work(): void {}

test("Handle: its string shows what it calls, a timer also when, and that it was cancelled", (t) => {
  const loop = new EventLoop();
  const soon = loop.callSoon(work);
  const later = loop.callLater(2.5, () => {});
  const texts = [String(soon), String(later)];
  soon.cancel();
  later.cancel();
  t.deepEqual(
    [...texts, String(soon), String(later)],
    ["<Handle work>", "<TimerHandle when=2.5 anonymous>", "<Handle cancelled>", "<TimerHandle when=2.5 cancelled>"],
  );
});

test("Handle: it can be cancelled again, and after it ran; neither does anything", async (t) => {
  const loop = new EventLoop();
  const log: string[] = [];
  const soon = loop.callSoon(() => log.push("soon"));
  const timer = loop.callLater(1, () => log.push("timer"));
  const never = loop.callLater(1, () => log.push("never"));
  never.cancel();
  never.cancel();
  await loop.runForever();
  soon.cancel();
  timer.cancel();
  loop.callLater(1, () => log.push("later"));
  await loop.runForever();
  t.deepEqual([log, never.cancelled(), loop.time()], [["soon", "timer", "later"], true, 2]);
});

test("Handle: a callback may cancel its own handle", async (t) => {
  const loop = new EventLoop();
  const log: string[] = [];
  const handle = loop.callLater(1, () => {
    handle.cancel();
    log.push("ran");
  });
  await loop.runForever();
  t.deepEqual([log, handle.cancelled()], [["ran"], true]);
});

test("TimerHandle: when() is the instant at which it fires, whether set by delay or by instant", async (t) => {
  const loop = new EventLoop();
  loop.callLater(1, () => {});
  await loop.runForever();
  t.deepEqual(
    [loop.callLater(0.5, work).when(), loop.callAt(7, work).when(), loop.callLater(-3, work).when()],
    [1.5, 7, -2],
  );
});

test("Handle: numbers go up in order of creation, handles, timers and futures alike", (t) => {
  const loop = new EventLoop();
  const ids = [loop.callSoon(work).id, loop.callLater(1, work).id, loop.createFuture().id, loop.callSoon(work).id];
  t.deepEqual(ids, [1, 2, 3, 4]);
});
