import test from "ava";
import type { Handle } from "../loop/handle.ts";
import type { LoopCore } from "../loop/loop-core.ts";
import { type Pollable, Poller, READ, type Registration, WRITE } from "./poller.ts";

/* The order in which ready sockets are reported is epoll's. */

/** A socket whose readiness the test decides. */
class FakeSocket implements Pollable {
  events = 0;
  _registration: Registration | null = null;

  _readiness(): number {
    return this.events;
  }
}

class Scene {
  readonly ready: string[] = [];
  readonly cancelled: string[] = [];
  readonly poller: Poller;
  readonly sockets: readonly FakeSocket[] = [0, 1, 2].map(() => new FakeSocket());

  constructor() {
    const loop = {
      _ordering: null,
      _instrument: null,
      _ready: { push: (handle: { name: string }) => this.ready.push(handle.name) },
    };
    this.poller = new Poller(loop as unknown as LoopCore);
  }

  handle(name: string): Handle {
    return { name, cancel: () => this.cancelled.push(name) } as unknown as Handle;
  }

  reads(index: number): void {
    this.poller.addReader(this.sockets[index]!, this.handle(`r${index}`));
  }

  writes(index: number): void {
    this.poller.addWriter(this.sockets[index]!, this.handle(`w${index}`));
  }

  /** Something happens to a socket, which is ready for `events` then. */
  happens(index: number, events: number, what = READ | WRITE): void {
    this.sockets[index]!.events = events;
    this.poller.notify(this.sockets[index]!, what);
    this.poller.checkInvariants();
  }

  /** What one pass reports. */
  pass(): string {
    this.ready.length = 0;
    this.poller.collect();
    this.poller.checkInvariants();
    return this.ready.join(" ");
  }
}

test("Poller: sockets are reported in the order in which something happened to them, each pass again while they are ready", (t) => {
  const scene = new Scene();
  for (const index of [0, 1, 2]) {
    scene.reads(index);
  }
  t.is(scene.pass(), "");
  for (const index of [2, 0, 1, 2]) {
    scene.happens(index, READ);
  }
  t.deepEqual([scene.pass(), scene.pass()], ["r2 r0 r1", "r2 r0 r1"]);
  // One that is not ready leaves, and comes back at the end.
  scene.sockets[2]!.events = 0;
  t.is(scene.pass(), "r0 r1");
  scene.happens(2, READ);
  t.is(scene.pass(), "r0 r1 r2");
});

test("Poller: of one socket, reading comes before writing, and only what is waited for and there is reported", (t) => {
  const scene = new Scene();
  scene.writes(0);
  scene.reads(0);
  scene.reads(1);
  scene.happens(0, READ | WRITE);
  scene.happens(1, WRITE);
  t.is(scene.pass(), "r0 w0");
  scene.sockets[0]!.events = WRITE;
  t.is(scene.pass(), "w0");
  scene.poller.removeWriter(scene.sockets[0]!);
  scene.sockets[0]!.events = READ | WRITE;
  // It stands in the list since the last pass.
  t.deepEqual([scene.pass(), scene.cancelled.join()], ["r0", "w0"]);
});

test("Poller: a socket that is ready when it is first waited for is reported, and so is a new handle instead of the old one", (t) => {
  const scene = new Scene();
  scene.sockets[0]!.events = scene.sockets[1]!.events = READ | WRITE;
  scene.writes(1);
  scene.reads(1);
  t.deepEqual([scene.pass(), scene.pass()], ["r1 w1", "r1 w1"]);
  scene.sockets[1]!.events = 0;
  scene.writes(0);
  t.is(scene.pass(), "w0");
  scene.poller.addWriter(scene.sockets[0]!, scene.handle("again"));
  scene.reads(0);
  scene.poller.addReader(scene.sockets[0]!, scene.handle("new"));
  t.deepEqual([scene.pass(), scene.cancelled.join()], ["new again", "w0,r0"]);
});

test("Poller: what is not waited for does not count, and a socket without handles is forgotten", (t) => {
  const scene = new Scene();
  scene.reads(0);
  scene.happens(0, READ, WRITE);
  t.deepEqual([scene.poller.hasReady(), scene.pass()], [false, ""]);
  scene.happens(0, READ, READ);
  t.true(scene.poller.hasReady());
  scene.poller.removeReader(scene.sockets[0]!);
  scene.poller.removeReader(scene.sockets[0]!);
  scene.poller.removeWriter(scene.sockets[0]!);
  t.deepEqual([scene.poller.hasReady(), scene.pass(), scene.sockets[0]!._registration], [false, "", null]);
  scene.happens(1, READ);
  t.is(scene.pass(), "");
  // Registered anew, it joins at the end, although its place in the list was not swept yet.
  scene.reads(1);
  scene.reads(0);
  t.is(scene.pass(), "r1 r0");
});

test("Poller: whether anything is ready is found out without reporting it, and sockets that are not ready may join again", (t) => {
  const scene = new Scene();
  scene.reads(0);
  scene.reads(1);
  scene.happens(0, READ);
  scene.happens(1, READ);
  scene.sockets[0]!.events = 0;
  t.true(scene.poller.hasReady());
  scene.happens(0, READ);
  t.deepEqual([scene.poller.hasReady(), scene.pass()], [true, "r1 r0"]);
  for (const socket of scene.sockets) {
    socket.events = 0;
  }
  t.deepEqual([scene.poller.hasReady(), scene.pass(), scene.poller.hasReady()], [false, "", false]);
  scene.happens(1, READ);
  t.deepEqual([scene.poller.hasReady(), scene.pass()], [true, "r1"]);
});
