import { createTask, gather, Lock, shared, sleep, touch } from "../../engine/index.ts";
import { expect, type PlantedBug, pair, turns } from "./planted-race.ts";

/** Read, pause, write: updates that get lost, and checks that are out of date when one acts on them. */
export const updates: readonly PlantedBug[] = [
  pair(
    "lost update",
    (isFixed) =>
      function* main() {
        let balance = 0;
        const lock = new Lock();
        function* change() {
          const before = balance;
          yield* turns(1);
          balance = before + 1;
        }
        function* deposit(delay: number) {
          yield* turns(delay);
          yield* isFixed ? lock.with(change) : change();
        }
        yield* gather(deposit(0), deposit(4));
        expect(balance === 2, `balance ${balance}`);
      },
    { least: 1 },
  ),
  pair(
    "lost update, labelled",
    (isFixed) =>
      async function* main() {
        const account = shared({ balance: 0 }, "account");
        const lock = new Lock();
        async function* deposit(delay: number) {
          yield* turns(delay);
          if (isFixed) {
            yield* lock.acquire();
          }
          const before = account.balance;
          yield* turns(2);
          account.balance = before + 1;
          if (isFixed) {
            lock.release();
          }
        }
        yield* gather(deposit(0), deposit(5), deposit(10));
        expect(account.balance === 3, `balance ${account.balance}`);
      },
  ),
  pair(
    "check then act",
    (isFixed) =>
      function* main() {
        let seats = 1;
        let sold = 0;
        function* buy(delay: number) {
          yield* turns(delay);
          if (seats > 0) {
            if (isFixed) {
              seats--;
              yield* turns(1);
            } else {
              yield* turns(1);
              seats--;
            }
            sold++;
          }
        }
        yield* gather(buy(0), buy(3));
        expect(sold === 1, `sold ${sold} of 1 seat`);
      },
  ),
  pair(
    "double initialisation",
    (isFixed) =>
      function* main() {
        let instances = 0;
        let instance: object | null = null;
        const lock = new Lock();
        function* open() {
          if (instance === null) {
            yield* turns(1);
            instances++;
            instance = {};
          }
        }
        function* use(delay: number) {
          yield* turns(delay);
          if (instance === null) {
            yield* isFixed ? lock.with(open) : open();
          }
        }
        yield* gather(use(0), use(4), use(9));
        expect(instances === 1, `${instances} instances`);
      },
  ),
  pair(
    "cache stampede",
    (isFixed) =>
      async function* main() {
        const cache = new Map<string, number>();
        const loading = new Map<string, ReturnType<typeof createTask<number>>>();
        let loads = 0;
        async function* load() {
          loads++;
          yield* sleep(0);
          yield* sleep(0);
          cache.set("key", 42);
          return 42;
        }
        async function* get(delay: number) {
          yield* turns(delay);
          const hit = cache.get("key");
          if (hit !== undefined) {
            return hit;
          }
          if (!isFixed) {
            return yield* load();
          }
          let task = loading.get("key");
          if (task === undefined) {
            task = createTask(load());
            loading.set("key", task);
          }
          return yield* task;
        }
        yield* gather(get(0), get(6));
        expect(loads === 1, `${loads} loads`);
      },
  ),
  pair(
    "torn read",
    (isFixed) =>
      function* main() {
        let x = 0;
        let y = 0;
        const lock = new Lock();
        const seen: string[] = [];
        function* write() {
          yield* lock.acquire();
          x = 1;
          yield* turns(1);
          y = 1;
          lock.release();
        }
        function* read() {
          yield* turns(6);
          if (isFixed) {
            yield* lock.acquire();
          }
          seen.push(`${x}${y}`);
          if (isFixed) {
            lock.release();
          }
        }
        yield* gather(write(), read());
        expect(seen[0] !== "10", `saw ${seen[0]}`);
      },
  ),
  pair(
    "ABA",
    (isFixed) =>
      function* main() {
        const next: Record<string, string | null> = { a: "b", b: null };
        const freed = new Set<string>();
        let top = "a" as string | null;
        let version = 0;
        const put = (to: string | null) => {
          top = to;
          version++;
        };
        function* popSlowly() {
          const old = top;
          const oldVersion = version;
          const rest = old === null ? null : (next[old] ?? null);
          yield* turns(2);
          if (top === old && (!isFixed || version === oldVersion)) {
            put(rest);
          }
        }
        const isTop = (name: string | null) => top === name;
        function* popBothAndPushOne() {
          yield* turns(7);
          if (!isTop("a")) {
            return;
          }
          put("b");
          yield* turns(1);
          if (isTop("b")) {
            put(null);
            freed.add("b");
          }
          yield* turns(1);
          if (isTop(null)) {
            next["a"] = null;
            put("a");
          }
        }
        yield* gather(popSlowly(), popBothAndPushOne());
        expect(top === null || !freed.has(top), `the top, ${top}, was freed`);
      },
  ),
  pair(
    "double spending",
    (isFixed) =>
      function* main() {
        let balance = 10;
        const lock = new Lock();
        function* check() {
          touch("balance", "r");
          const isEnough = balance >= 10;
          yield* turns(1);
          if (isEnough) {
            touch("balance", "w");
            balance -= 10;
          }
        }
        function* pay(delay: number) {
          yield* turns(delay);
          yield* isFixed ? lock.with(check) : check();
        }
        yield* gather(pay(0), pay(5));
        expect(balance >= 0, `balance ${balance}`);
      },
  ),
  pair(
    "iterator invalidated",
    (isFixed) =>
      function* main() {
        const listeners = ["a", "b", "c"];
        const called: string[] = [];
        function* dispatch() {
          const list = isFixed ? [...listeners] : listeners;
          for (let i = 0; i < list.length; i++) {
            yield* turns(1);
            called.push(list[i]!);
          }
        }
        function* unsubscribe() {
          yield* turns(8);
          listeners.splice(0, 1);
        }
        yield* gather(dispatch(), unsubscribe());
        expect(called.every((name) => name !== undefined) && called.length >= 3, `called ${called}`);
      },
  ),
  pair(
    "three hops of one value",
    (isFixed) =>
      function* main() {
        let a = 0;
        let b = 0;
        let c = 0;
        let bad = false;
        const lock = new Lock();
        function* guarded(body: () => Generator<unknown, void, unknown>) {
          yield* isFixed ? lock.with(body) : body();
        }
        function* one() {
          a = 1;
          yield* turns(1);
          a = 0;
        }
        function* two() {
          b = a;
          yield* turns(1);
          b = 0;
        }
        function* three() {
          c = b;
          yield* turns(1);
          bad ||= c === 1;
        }
        function* late(delay: number, body: () => Generator<unknown, void, unknown>) {
          yield* turns(delay);
          yield* guarded(body);
        }
        yield* gather(late(0, one), late(4, two), late(8, three));
        expect(!bad, "a came through to c");
      },
    { least: 2 },
  ),
];
