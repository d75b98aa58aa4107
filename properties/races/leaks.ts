import {
  CancelledError,
  Condition,
  createTask,
  gather,
  getRunningLoop,
  openConnection,
  Queue,
  Semaphore,
  shield,
  sleep,
  startServer,
  type Task,
  type TimerHandle,
} from "../../engine/index.ts";
import { expect, type PlantedBug, pair, turns } from "./planted-race.ts";

/** What is left behind, given back twice, or goes on when all should be over. */
export const leaks: readonly PlantedBug[] = [
  pair(
    "timer that is never cancelled",
    (isFixed) =>
      function* main() {
        let timer: TimerHandle | null = null;
        let isOver = false;
        function* arm() {
          yield* turns(1);
          if (!(isFixed && isOver)) {
            timer = getRunningLoop().callLater(30, () => {});
          }
        }
        function* finish() {
          yield* turns(5);
          isOver = true;
          timer?.cancel();
        }
        yield* gather(createTask(arm(), { name: "arm" }), createTask(finish(), { name: "finish" }));
      },
    { least: 1 },
  ),
  pair(
    "connection that is never closed",
    (isFixed) =>
      async function* main() {
        const serving = yield* startServer(
          async function* (reader, writer) {
            yield* reader.read();
            writer.close();
          },
          "127.0.0.1",
          80,
        );
        let isGivenUp = false;
        let hangUp = (): void => {};
        async function* open() {
          const [, writer] = yield* openConnection("127.0.0.1", 80);
          hangUp = () => writer.close();
          if (isFixed && isGivenUp) {
            hangUp();
          }
        }
        async function* giveUp() {
          yield* turns(12);
          isGivenUp = true;
          hangUp();
        }
        yield* gather(createTask(open(), { name: "open" }), createTask(giveUp(), { name: "giveUp" }));
        serving.close();
      },
    { least: 1 },
  ),
  pair(
    "connections of a pool lost to errors",
    (isFixed) =>
      async function* main() {
        const pool = new Semaphore(2);
        let isDown = false;
        async function* query() {
          yield* pool.acquire();
          try {
            yield* sleep(0);
            expect(!isDown, "the database is down");
            pool.release();
          } catch {
            if (isFixed) {
              pool.release();
            }
          }
        }
        async function* outage() {
          yield* turns(6);
          isDown = true;
          yield* sleep(0);
          isDown = false;
        }
        const queries = ["first", "second"].map((name) => createTask(query(), { name }));
        yield* gather(...queries, createTask(outage(), { name: "outage" }));
      },
    { least: 1 },
  ),
  pair(
    "permit given back that was never taken",
    (isFixed) =>
      async function* main() {
        const permits = new Semaphore(1);
        let inside = 0;
        let most = 0;
        async function* work(hops: number) {
          yield* turns(hops);
          let isIn = false;
          try {
            yield* permits.acquire();
            isIn = true;
            most = Math.max(most, ++inside);
            yield* turns(2);
          } finally {
            inside -= Number(isIn);
            if (isIn || !isFixed) {
              permits.release();
            }
          }
        }
        const workers = [0, 6, 12].map((hops, i) => createTask(work(hops), { name: `worker-${i + 1}` }));
        async function* impatience() {
          yield* turns(10);
          workers[1]?.cancel();
        }
        yield* gather(...workers, createTask(impatience(), { name: "impatience" }), { returnExceptions: true });
        expect(most === 1, `${most} inside`);
      },
  ),
  pair(
    "cancellation swallowed",
    (isFixed) =>
      async function* main() {
        let rounds = 0;
        async function* child() {
          for (let i = 0; i < 2; i++) {
            try {
              yield* turns(3);
            } catch (error) {
              if (isFixed || !(error instanceof CancelledError)) {
                throw error;
              }
            }
            rounds++;
          }
        }
        const task = createTask(child(), { name: "child" });
        async function* stop() {
          yield* turns(9);
          task.cancel();
        }
        yield* createTask(stop(), { name: "stop" });
        yield* gather(task, { returnExceptions: true });
        expect(task.cancelled() || task.cancelling() === 0, `it went on for ${rounds} rounds`);
      },
    { least: 1 },
  ),
  pair(
    "shielded write after the end",
    (isFixed) =>
      async function* main() {
        let isOpen = true;
        let writing: Task<void> | null = null;
        async function* write() {
          yield* turns(2);
          expect(isOpen, "written after the end");
        }
        async function* use() {
          writing = createTask(write(), { name: "write" });
          yield* shield(writing);
        }
        const user = createTask(use(), { name: "use" });
        async function* close() {
          yield* turns(7);
          user.cancel();
          yield* gather(user, { returnExceptions: true });
          if (isFixed && writing !== null) {
            yield* gather(writing, { returnExceptions: true });
          }
          isOpen = false;
        }
        yield* createTask(close(), { name: "close" });
        yield* sleep(1);
      },
    { least: 1 },
  ),
  pair(
    "done before it is done",
    (isFixed) =>
      function* main() {
        const jobs = new Queue<number>();
        let sum = 0;
        function* work() {
          for (;;) {
            const job = yield* jobs.get();
            if (!isFixed) {
              jobs.taskDone();
            }
            yield* turns(1);
            sum += job;
            if (isFixed) {
              jobs.taskDone();
            }
          }
        }
        const worker = createTask(work(), { name: "worker" });
        jobs.putNowait(1);
        jobs.putNowait(2);
        yield* turns(7);
        yield* jobs.join();
        const result = sum;
        worker.cancel();
        expect(result === 3, `sum ${result}`);
      },
    { least: 1 },
  ),
  pair(
    "woken, and not asked again",
    (isFixed) =>
      async function* main() {
        const condition = new Condition();
        const items: number[] = [];
        let failures = 0;
        async function* take(hops: number) {
          yield* turns(hops);
          yield* condition.acquire();
          if (isFixed) {
            yield* condition.waitFor(() => items.length > 0);
          } else if (items.length === 0) {
            yield* condition.wait();
          }
          failures += items.shift() === undefined ? 1 : 0;
          condition.release();
        }
        async function* put(item: number, hops: number) {
          yield* turns(hops);
          yield* condition.acquire();
          items.push(item);
          condition.notify();
          condition.release();
        }
        const tasks = [take(0), take(9), put(1, 2), put(2, 12)];
        yield* gather(tasks.map((task, i) => createTask(task, { name: `task-${i + 1}` })));
        expect(failures === 0, "took nothing");
      },
    { least: 1 },
  ),
];
