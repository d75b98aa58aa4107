import test from "ava";
import { simulate } from "../../simulation.ts";
import { createTask } from "../../tasks/current.ts";
import { sleep } from "../../tasks/sleep.ts";
import { getRunningLoop } from "../event-loop.ts";

const SLOW_DISK = { trace: "off", network: { hosts: { a: { disk: { syncTime: 1 } } } } } as const;

test("Disk: what a crash during fsync loses does not come back when a task on another host waited for it", async (t) => {
  const lines: unknown[] = [];
  const { error } = await simulate(function* () {
    const host = getRunningLoop().network.get("a");
    host.disk.write("x", "lost");
    const sync = createTask(host.disk.fsync());
    yield* sleep(0.5);
    host.crash();
    host.restart();
    try {
      yield* sync;
    } catch (failure) {
      lines.push(String(failure));
    }
    host.crash();
    lines.push(host.disk.read("x"));
  }, SLOW_DISK);
  t.is(error, undefined);
  t.deepEqual(lines, ["RuntimeError: disk: the host crashed during fsync(); what was written is lost", null]);
});

/**
 * What a crash at `crashAt` leaves under `x` on a disk that takes a second to sync, when these writes and syncs happen
 * at these times.
 */
async function leftOf(crashAt: number, writes: Readonly<Record<number, string>>, syncs: readonly number[]) {
  const { value, error } = await simulate(function* () {
    const host = getRunningLoop().network.get("a");
    for (const [time, text] of Object.entries(writes)) {
      getRunningLoop().callLater(Number(time), () => host.disk.write("x", text));
    }
    for (const time of syncs) {
      createTask(
        (function* () {
          yield* sleep(time);
          yield* host.disk.fsync();
        })(),
      );
    }
    yield* sleep(crashAt);
    host.crash();
    return host.disk.read("x");
  }, SLOW_DISK);
  return error === undefined ? value : String(error);
}

test("Disk: fsync makes what was written before it survive, once it is done, and nothing that is written meanwhile", async (t) => {
  const writes = { 0: "before", 0.5: "meanwhile" };
  t.deepEqual(
    [await leftOf(1.05, writes, [0.1]), await leftOf(1.2, writes, [0.1]), await leftOf(3, writes, [0.1])],
    [null, "before", "before"],
  );
});

test("Disk: of overlapping fsyncs each makes its own writes survive, when it is done", async (t) => {
  const writes = { 0: "first", 0.3: "second", 0.6: "third" };
  const syncs = [0.1, 0.4];
  t.deepEqual(
    [await leftOf(1.05, writes, syncs), await leftOf(1.2, writes, syncs), await leftOf(1.5, writes, syncs)],
    [null, "first", "second"],
  );
});

test("Disk: an fsync that ends late does not undo a later one that is done already", async (t) => {
  const { value } = await simulate(function* () {
    const disk = getRunningLoop().network.get("a").disk;
    // The steps of the operations are taken by hand: only an exploration lets a timer be late.
    disk.write("x", "old");
    const early = createTask(disk.fsync());
    yield* sleep(0);
    disk.write("x", "new");
    Object.assign(disk, { _syncTime: 0.1 });
    yield* disk.fsync();
    yield* early;
    getRunningLoop().network.get("a").crash();
    return disk.read("x");
  }, SLOW_DISK);
  t.is(value, "new");
});

test("Disk: it keeps copies, lists names in the order of first writing, and forgets what is deleted", async (t) => {
  const { value, error } = await simulate(
    function* () {
      const { disk } = getRunningLoop().network.host("a");
      const data = Uint8Array.of(1, 2);
      disk.write("b", data);
      disk.write("a", "text");
      disk.write("b", data);
      data[0] = 9;
      (disk.read("b") as Uint8Array)[1] = 9;
      const before = [disk.names.join(), String(disk.read("b")), disk.read("a"), disk.read("c")];
      yield* disk.fsync();
      disk.delete("a");
      const deleted = disk.names.join();
      getRunningLoop().network.get("a").crash();
      // What was deleted and not synced is back.
      return [...before, deleted, disk.names.join(), disk.read("a")];
    },
    { trace: "off" },
  );
  t.is(error, undefined);
  t.deepEqual(value, ["b,a", "1,2", "text", null, "b", "b,a", "text"]);
});

test("Disk: what is written after a crash does not reach what was synced before it", async (t) => {
  const { value } = await simulate(
    function* () {
      const host = getRunningLoop().network.host("a");
      host.disk.write("x", "synced");
      yield* host.disk.fsync();
      host.crash();
      host.restart();
      host.disk.write("x", "lost");
      host.crash();
      return host.disk.read("x");
    },
    { trace: "off" },
  );
  t.is(value, "synced");
});

test("Disk: a write, an fsync and a deletion at one instant count in the order in which they are made", async (t) => {
  const left = async (actions: readonly string[]): Promise<unknown> => {
    const { value } = await simulate(function* () {
      const host = getRunningLoop().network.get("a");
      for (const action of actions) {
        if (action === "fsync") {
          createTask(host.disk.fsync());
          yield* sleep(0);
        } else if (action === "delete") {
          host.disk.delete("x");
        } else {
          host.disk.write("x", action);
        }
      }
      yield* sleep(2);
      host.crash();
      return host.disk.read("x");
    }, SLOW_DISK);
    return value;
  };
  t.deepEqual(
    [
      await left(["one", "fsync", "two"]),
      await left(["one", "fsync", "two", "fsync"]),
      await left(["one", "fsync", "delete", "fsync"]),
      await left(["one", "fsync", "delete"]),
    ],
    ["one", "two", null, "one"],
  );
});
