import { choose, createTask, gather, getRunningLoop, Lock, Queue, sleep } from "../../engine/index.ts";
import { expect, type PlantedBug, pair, turns } from "./planted-race.ts";

/** Messages out of order, crashes between two phases, and things that are only nearly always first. */
export const orders: readonly PlantedBug[] = [
  pair(
    "message reordering",
    (isFixed) =>
      function* main() {
        const seen: number[] = [];
        const inbox: { sequence: number; value: number }[] = [];
        function* send(sequence: number, hops: number) {
          yield* turns(hops);
          inbox.push({ sequence, value: sequence });
        }
        yield* gather(send(1, 1), send(2, 3), send(3, 5));
        if (isFixed) {
          inbox.sort((a, b) => a.sequence - b.sequence);
        }
        for (const { value } of inbox) {
          seen.push(value);
        }
        expect(seen.join() === "1,2,3", `seen ${seen}`);
      },
  ),
  pair(
    "timers due together",
    (isFixed) =>
      function* main() {
        const loop = getRunningLoop();
        const log: string[] = [];
        function* request() {
          loop.callLater(1, () => log.push("data"));
          yield* turns(1);
          loop.callLater(1, () => log.push("end"));
        }
        yield* request();
        yield* sleep(2);
        expect(isFixed || log.join() === "data,end", `log ${log}`);
      },
  ),
  pair(
    "last answer wins",
    (isFixed) =>
      function* main() {
        let shown = "";
        let newest = 0;
        function* search(text: string, id: number, hops: number) {
          newest = id;
          yield* turns(hops);
          if (!isFixed || id === newest) {
            shown = text;
          }
        }
        const first = createTask(search("a", 1, 2), { name: "first" });
        yield* sleep(0);
        const second = createTask(search("ab", 2, 4), { name: "second" });
        yield* gather(first, second);
        expect(shown === "ab", `shown ${shown}`);
      },
  ),
  pair(
    "crash between two phases",
    (isFixed) =>
      function* main() {
        const disk = { a: 100, b: 0, log: null as null | { to: number } };
        function* transfer() {
          if (isFixed) {
            disk.log = { to: 50 };
          }
          disk.a -= 50;
          yield* turns(1);
          if (choose("crash", ["no", "yes"]) === "yes") {
            return;
          }
          disk.b += 50;
          disk.log = null;
        }
        function* recover() {
          if (disk.log !== null) {
            disk.b += disk.log.to;
            disk.log = null;
          }
        }
        yield* transfer();
        yield* recover();
        expect(disk.a + disk.b === 100, `sum ${disk.a + disk.b}`);
      },
    { least: 1 },
  ),
  pair(
    "two crashes",
    (isFixed) =>
      function* main() {
        const votes = new Set<string>();
        let decided = "";
        function* replica(name: string) {
          yield* turns(1);
          if (choose(`crash ${name}`, ["no", "yes"]) === "no") {
            votes.add(name);
          }
        }
        yield* gather(replica("a"), replica("b"), replica("c"));
        decided = votes.size >= 2 ? "commit" : "abort";
        expect(isFixed || decided === "commit", decided);
      },
    { least: 2 },
  ),
  pair(
    "two leaders",
    (isFixed) =>
      function* main() {
        let leader: string | null = null;
        const leaders: string[] = [];
        const lock = new Lock();
        function* stand(name: string) {
          if (leader === null) {
            yield* turns(1);
            leader = name;
            leaders.push(name);
          }
        }
        function* node(name: string, delay: number) {
          yield* turns(delay);
          yield* isFixed ? lock.with(() => stand(name)) : stand(name);
        }
        yield* gather(node("a", 0), node("b", 4), node("c", 8));
        expect(leaders.length === 1, `leaders ${leaders}`);
      },
  ),
  pair(
    "token refreshed twice",
    (isFixed) =>
      async function* main() {
        let token = "old";
        let refreshes = 0;
        let refreshing: ReturnType<typeof createTask<void>> | null = null;
        async function* refresh() {
          refreshes++;
          yield* turns(2);
          token = "new";
        }
        async function* call(delay: number) {
          yield* turns(delay);
          if (token === "old") {
            if (isFixed) {
              refreshing ??= createTask(refresh());
              yield* refreshing;
            } else {
              yield* refresh();
            }
          }
        }
        yield* gather(call(0), call(7));
        expect(refreshes === 1, `${refreshes} refreshes`);
      },
  ),
  pair(
    "published before it was filled",
    (isFixed) =>
      function* main() {
        let config: { url?: string } | null = null;
        function* load() {
          const fresh: { url?: string } = {};
          if (!isFixed) {
            config = fresh;
          }
          yield* turns(1);
          fresh.url = "x";
          config = fresh;
        }
        function* use() {
          yield* turns(5);
          while (config === null) {
            yield* sleep(0.1);
          }
          expect(config.url === "x", "an empty configuration");
        }
        yield* gather(load(), use());
      },
  ),
  pair(
    "closed while in use",
    (isFixed) =>
      function* main() {
        let isOpen = true;
        let users = 0;
        function* use() {
          users++;
          yield* turns(2);
          expect(isOpen, "used after it was closed");
          users--;
        }
        function* close() {
          yield* turns(8);
          while (isFixed && users > 0) {
            yield* sleep(0.1);
          }
          isOpen = false;
        }
        yield* gather(use(), close());
      },
  ),
  pair(
    "request and its idempotency key",
    (isFixed) =>
      function* main() {
        const done = new Set<string>();
        let charges = 0;
        function* handle(key: string) {
          if (done.has(key)) {
            return;
          }
          if (isFixed) {
            done.add(key);
          }
          yield* turns(2);
          charges++;
          done.add(key);
        }
        function* retry() {
          yield* turns(7);
          yield* handle("k");
        }
        yield* gather(handle("k"), retry());
        expect(charges === 1, `${charges} charges`);
      },
  ),
  pair(
    "background task not awaited",
    (isFixed) =>
      function* main() {
        const log: string[] = [];
        function* flush() {
          yield* turns(2);
          log.push("flushed");
        }
        function* serve() {
          yield* turns(6);
          log.push("answered");
        }
        const flushing = createTask(flush(), { name: "flush" });
        yield* createTask(serve(), { name: "serve" });
        if (isFixed) {
          yield* flushing;
        }
        expect(log.includes("flushed"), "the end came before the flush");
      },
  ),
  pair(
    "workers share a cursor",
    (isFixed) =>
      function* main() {
        const jobs = ["a", "b", "c", "d"];
        const done: string[] = [];
        let cursor = 0;
        function* worker(delay: number) {
          yield* turns(delay);
          while (cursor < jobs.length) {
            const mine = cursor;
            if (isFixed) {
              cursor++;
            }
            yield* turns(1);
            done.push(jobs[mine]!);
            if (!isFixed) {
              cursor = mine + 1;
            }
          }
        }
        yield* gather(worker(0), worker(9));
        expect(done.length === 4 && new Set(done).size === 4, `done ${done}`);
      },
  ),
  pair(
    "ping overtakes pong",
    (isFixed) =>
      function* main() {
        const a = new Queue<string>();
        const b = new Queue<string>();
        let last = "";
        function* left() {
          b.putNowait("ping");
          yield* turns(4);
          if (isFixed) {
            last = yield* a.get();
          } else {
            last = a.empty() ? "nothing" : a.getNowait();
          }
        }
        function* right() {
          const message = yield* b.get();
          yield* a.put(message.replace("i", "o"));
        }
        yield* gather(left(), right());
        expect(last === "pong", last);
      },
  ),
];
