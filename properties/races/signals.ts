import {
  Barrier,
  CancelledError,
  Condition,
  createTask,
  Event,
  type Future,
  gather,
  getRunningLoop,
  Lock,
  Queue,
  Semaphore,
  sleep,
  TimeoutError,
  waitFor,
} from "../../engine/index.ts";
import { expect, type PlantedBug, pair, turns } from "./planted-race.ts";

/** Wake-ups that get lost, deadlocks, cancellation at the wrong moment. */
export const signals: readonly PlantedBug[] = [
  pair(
    "lost wake-up",
    (isFixed) =>
      function* main() {
        const event = new Event();
        let isReady = false;
        function* consumer() {
          if (!isReady) {
            yield* turns(1);
            if (!isFixed) {
              event.clear();
            }
            yield* event.wait();
          }
        }
        function* producer() {
          yield* turns(4);
          isReady = true;
          event.set();
        }
        yield* gather(consumer(), producer());
      },
  ),
  pair(
    "lock order",
    (isFixed) =>
      function* main() {
        const a = new Lock();
        const b = new Lock();
        function* both(first: Lock, second: Lock, delay: number) {
          yield* turns(delay);
          yield* first.acquire();
          yield* turns(1);
          yield* second.acquire();
          second.release();
          first.release();
        }
        yield* gather(both(a, b, 0), isFixed ? both(a, b, 6) : both(b, a, 6));
      },
  ),
  pair(
    "dining philosophers",
    (isFixed) =>
      function* main() {
        const forks = [new Lock(), new Lock(), new Lock()];
        function* philosopher(i: number) {
          yield* turns(i * 5);
          let [first, second] = [i, (i + 1) % 3];
          if (isFixed && first > second) {
            [first, second] = [second, first];
          }
          yield* forks[first]!.acquire();
          yield* turns(1);
          yield* forks[second]!.acquire();
          forks[second]!.release();
          forks[first]!.release();
        }
        yield* gather(philosopher(0), philosopher(1), philosopher(2));
      },
  ),
  pair(
    "notify one instead of all",
    (isFixed) =>
      function* main() {
        const condition = new Condition();
        let items = 0;
        let isClosed = false;
        function* consumer(delay: number) {
          yield* turns(delay);
          yield* condition.acquire();
          while (items === 0 && !isClosed) {
            yield* condition.wait();
          }
          if (items > 0) {
            items--;
          }
          condition.release();
        }
        function* producer() {
          yield* turns(7);
          yield* condition.acquire();
          items++;
          condition.notify();
          condition.release();
          yield* turns(12);
          yield* condition.acquire();
          isClosed = true;
          isFixed ? condition.notifyAll() : condition.notify();
          condition.release();
        }
        yield* gather(consumer(0), consumer(10), consumer(24), producer());
      },
  ),
  pair(
    "barrier reused",
    (isFixed) =>
      function* main() {
        let count = 0;
        const isFull = new Event();
        const phases = [0, 0, 0];
        const barrier = new Barrier(3);
        function* wait() {
          if (isFixed) {
            yield* barrier.wait();
            return;
          }
          count++;
          if (count === 3) {
            isFull.set();
          }
          yield* isFull.wait();
          // Whoever comes round again before all have left finds it still full.
          count--;
          if (count === 0) {
            isFull.clear();
          }
        }
        function* worker(i: number) {
          for (let phase = 0; phase < 2; phase++) {
            yield* turns(i + 3);
            phases[i] = phase + 1;
            yield* wait();
            const behind = Math.min(...phases);
            expect(behind >= phase + 1, `worker ${i} left phase ${phase} while another was at ${behind}`);
          }
        }
        yield* gather(worker(0), worker(1), worker(2));
      },
  ),
  pair(
    "cancelled between acquire and try",
    (isFixed) =>
      function* main() {
        const permits = new Semaphore(1);
        function* use() {
          yield* permits.acquire();
          if (isFixed) {
            try {
              yield* turns(1);
            } finally {
              permits.release();
            }
            return;
          }
          yield* turns(1);
          try {
            yield* turns(1);
          } finally {
            permits.release();
          }
        }
        const user = createTask(use(), { name: "user" });
        function* canceller() {
          yield* turns(6);
          user.cancel();
        }
        const cancel = createTask(canceller(), { name: "canceller" });
        yield* cancel;
        try {
          yield* user;
        } catch (error) {
          expect(error instanceof CancelledError, String(error));
        }
        yield* permits.acquire();
      },
  ),
  pair(
    "timeout against completion",
    (isFixed) =>
      function* main() {
        let state = "open";
        function* work() {
          yield* sleep(1);
          if (state === "open") {
            state = "done";
          }
        }
        function* expire() {
          yield* sleep(isFixed ? 2 : 1);
          yield* turns(2);
          if (state === "open") {
            state = "expired";
          }
        }
        yield* gather(createTask(work(), { name: "work" }), createTask(expire(), { name: "expire" }));
        expect(state === "done", state);
      },
  ),
  pair(
    "late answer",
    (isFixed) =>
      function* main() {
        let used = "";
        function* request() {
          yield* sleep(0.8);
          return "answer";
        }
        const task = createTask(request(), { name: "request" });
        try {
          used = yield* waitFor(task, 1);
        } catch (error) {
          expect(error instanceof TimeoutError, String(error));
          if (isFixed) {
            used = "answer";
          }
        }
        expect(used === "answer", "the request timed out, and the program did not expect that");
      },
    { delays: 0.5 },
  ),
  pair(
    "future set twice",
    (isFixed) =>
      function* main() {
        const reply = getRunningLoop().createFuture<string>();
        function* answer() {
          yield* turns(1);
          if (!isFixed || !reply.done()) {
            reply.setResult("answer");
          }
        }
        function* giveUp(task: { done(): boolean }) {
          yield* turns(6);
          if ((!task.done() || !reply.done()) && !reply.done()) {
            reply.setResult("given up");
          }
        }
        const a = createTask(answer(), { name: "answer" });
        const b = createTask(giveUp(a), { name: "giver-up" });
        yield* gather(a, b);
      },
  ),
  pair(
    "item lost at shutdown",
    (isFixed) =>
      function* main() {
        const queue = new Queue<number>();
        let isOpen = true;
        const got: number[] = [];
        function* consumer() {
          while (isOpen || (isFixed && !queue.empty())) {
            if (!queue.empty()) {
              got.push(queue.getNowait());
            }
            yield* turns(1);
          }
        }
        function* producer() {
          for (let i = 0; i < 3; i++) {
            yield* queue.put(i);
            yield* turns(2);
          }
          isOpen = false;
        }
        yield* gather(consumer(), producer());
        expect(got.length === 3, `got ${got}`);
      },
  ),
  pair(
    "two waiters, one signal",
    (isFixed) =>
      function* main() {
        const queue = new Queue<string>();
        function* take(name: string, delay: number) {
          yield* turns(delay);
          if (isFixed) {
            return `${name}:${yield* queue.get()}`;
          }
          while (queue.empty()) {
            yield* sleep(0.01);
          }
          yield* turns(1);
          return `${name}:${queue.getNowait()}`;
        }
        const a = createTask(take("a", 0), { name: "a" });
        const b = createTask(take("b", 5), { name: "b" });
        queue.putNowait("1");
        yield* a;
        queue.putNowait("2");
        yield* b;
      },
  ),
  pair(
    "await after check",
    (isFixed) =>
      function* main() {
        let waiter: Future<void> | null = null;
        let isSet = false;
        function* wait() {
          if (isSet) {
            return;
          }
          if (!isFixed) {
            yield* turns(1);
          }
          waiter = getRunningLoop().createFuture<void>();
          yield* waiter;
        }
        function* signal() {
          yield* turns(5);
          isSet = true;
          waiter?.setResult();
        }
        yield* gather(wait(), signal());
      },
  ),
  pair(
    "cancelled waiter keeps its turn",
    (isFixed) =>
      function* main() {
        const waiters: Future<void>[] = [];
        let free = 1;
        function* acquire() {
          if (free > 0) {
            free--;
            return;
          }
          const waiter = getRunningLoop().createFuture<void>();
          waiters.push(waiter);
          try {
            yield* waiter;
          } catch (error) {
            if (isFixed && waiter.done() && !waiter.cancelled()) {
              release();
            }
            throw error;
          }
        }
        function release() {
          let next = waiters.shift();
          while (next?.done() === true) {
            next = waiters.shift();
          }
          if (next === undefined) {
            free++;
          } else {
            next.setResult();
          }
        }
        function* holder() {
          yield* acquire();
          yield* turns(3);
          release();
        }
        function* waiting() {
          yield* turns(1);
          yield* acquire();
          release();
        }
        const first = createTask(holder(), { name: "holder" });
        const second = createTask(waiting(), { name: "impatient" });
        function* cancel() {
          yield* turns(8);
          second.cancel();
        }
        yield* gather(first, createTask(cancel(), { name: "canceller" }));
        yield* gather(second, { returnExceptions: true });
        yield* acquire();
      },
  ),
];
