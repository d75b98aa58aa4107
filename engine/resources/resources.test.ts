import test from "ava";
import { logOf, say } from "../golden/recorded-logs.ts";
import {
  type Awaitable,
  createTask,
  explore,
  gather,
  getRunningLoop,
  Lock,
  type Program,
  Semaphore,
  simulate,
  sleep,
  traceStats,
} from "../index.ts";
import {
  allOf,
  anyOf,
  arrivals,
  ClosedError,
  Container,
  FilterStore,
  Interrupt,
  interrupt,
  Preempted,
  PreemptiveResource,
  PriorityItem,
  PriorityStore,
  ProcessorSharing,
  Resource,
  type ResourceOptions,
  requestAll,
  Store,
  startProcess,
  takeBatch,
} from "./index.ts";

/** Hold a unit for a while, and say when it begins and ends. */
function* use(resource: Resource, name: string, seconds: number, options = {}) {
  yield* resource.with(function* () {
    say(`${name} begins`);
    yield* sleep(seconds);
  }, options);
  say(`${name} ends`);
}

/** A coroutine that waits for something. */
function* waiting<T>(awaitable: Awaitable<T>): Generator<unknown, T, unknown> {
  return yield* awaitable;
}

const checkLog = async (t: { deepEqual(a: unknown, b: unknown): unknown }, main: Program<unknown>, log: string[]) =>
  t.deepEqual(await logOf(main), log);

test("Resource: those that wait are served by priority, then in the order of asking, not of how long they need", (t) =>
  checkLog(
    t,
    function* () {
      const resource = new Resource({ capacity: 1 });
      for (const [name, priority] of [
        ["a", 0],
        ["b", 2],
        ["c", 1],
        ["d", 1],
        ["e", 0],
      ] as const) {
        createTask(use(resource, name, 1, { priority }));
      }
      yield* sleep(10);
    },
    [
      "0 a begins",
      "1 a ends",
      "1 e begins",
      "2 e ends",
      "2 c begins",
      "3 c ends",
      "3 d begins",
      "4 d ends",
      "4 b begins",
      "5 b ends",
    ],
  ));

test("Resource: a free unit is granted a turn later", (t) =>
  checkLog(
    t,
    function* () {
      const resource = new Resource();
      getRunningLoop().callSoon(() => say("between"));
      const request = resource.request();
      say(`${request.triggered} ${request.done()} ${request.granted}`);
      yield* request;
      say(`${request.done()} ${request.state}`);
      request.release();
      say(request.state);
    },
    ["0 true false true", "0 between", "0 true granted", "0 released"],
  ));

test("Resource: an amount that does not fit keeps those behind it waiting", (t) =>
  checkLog(
    t,
    function* () {
      const resource = new Resource({ capacity: 3 });
      createTask(use(resource, "two", 2, { amount: 2 }));
      createTask(use(resource, "three", 1, { amount: 3 }));
      createTask(use(resource, "one", 1));
      yield* sleep(10);
    },
    ["0 two begins", "2 two ends", "2 three begins", "3 three ends", "3 one begins", "4 one ends"],
  ));

const orderOf = async (options: ResourceOptions): Promise<string> => {
  const { value, error } = await simulate(function* () {
    const resource = new Resource(options);
    const order: string[] = [];
    const tasks = [..."abcdefgh"].map((name, i) =>
      createTask(
        resource.with(
          function* () {
            order.push(name);
            yield* sleep(1);
          },
          { priority: -i },
        ),
      ),
    );
    yield* gather(...tasks);
    return order.join("");
  });
  return error === undefined ? value! : String(error);
};

test("Resource: the discipline decides who is next", async (t) => {
  const random = await orderOf({ discipline: "random" });
  t.deepEqual(
    [
      await orderOf({}),
      await orderOf({ discipline: "fifo" }),
      await orderOf({ discipline: "lifo" }),
      await orderOf({ discipline: (a, b) => b.priority - a.priority }),
      [...random].sort((a, b) => (a < b ? -1 : 1)).join(""),
      random === "abcdefgh",
      random === (await orderOf({ discipline: "random" })),
    ],
    ["ahgfedcb", "abcdefgh", "ahgfedcb", "abcdefgh", "abcdefgh", false, true],
  );
});

test("Resource: a full queue, a patience and a decision to stay away are values", (t) =>
  checkLog(
    t,
    function* () {
      const resource = new Resource({ queueLimit: 1, monitor: true });
      const first = resource.request();
      const second = resource.request({ timeout: 3 });
      const third = resource.request();
      const fourth = resource.request({ balk: (waiting) => waiting > 0 });
      yield* first;
      say((yield* third).state);
      say((yield* fourth).state);
      say((yield* second).state);
      const { rejected, balked, reneged } = resource.monitor;
      say(`${rejected} ${balked} ${reneged} ${resource.queueLength}`);
      yield* resource.with(() => sleep(1), { timeout: 1 });
    },
    [
      "0 rejected",
      "0 balked",
      "3 reneged",
      "3 1 1 1 0",
      "main failed: NotServedError: the request for a resource was reneged",
    ],
  ));

test("Resource: a cancelled waiter and a cancelled holder lose nothing", (t) =>
  checkLog(
    t,
    function* () {
      const resource = new Resource();
      const a = createTask(use(resource, "a", 10));
      const b = createTask(use(resource, "b", 1));
      const c = createTask(use(resource, "c", 1));
      yield* sleep(1);
      b.cancel();
      yield* sleep(1);
      a.cancel();
      yield* c;
      say(`${resource.count} ${resource.queueLength}`);
      // Granted, and cancelled before its turn came.
      const d = createTask(use(resource, "d", 1));
      yield* sleep(0);
      d.cancel();
      yield* sleep(1);
      say(`${resource.count} ${resource.queueLength}`);
    },
    ["0 a begins", "2 c begins", "3 c ends", "3 0 0", "4 0 0"],
  ));

test("Resource: hold releases at the end of its block", (t) =>
  checkLog(
    t,
    function* () {
      const resource = new Resource();
      {
        using _held = yield* resource.hold();
        say(resource.count);
      }
      say(resource.count);
    },
    ["0 1", "0 0"],
  ));

test("Resource: a smaller capacity lets holders finish, or takes from them if asked", (t) =>
  checkLog(
    t,
    function* () {
      const resource = new Resource({ capacity: 2, name: "crew" });
      function* worker(name: string, priority: number) {
        try {
          yield* use(resource, name, 10, { priority });
        } catch (error) {
          say(`${name}: ${error}, ${(error as Preempted).remaining} s left`);
        }
      }
      createTask(worker("a", 0));
      createTask(worker("b", 1));
      createTask(worker("c", 2));
      yield* sleep(1);
      resource.setCapacity(1);
      say(resource.count);
      resource.setCapacity(1, { preempt: true });
      say(resource.count);
      yield* sleep(3);
      resource.setCapacity(3);
      yield* sleep(20);
    },
    [
      "0 a begins",
      "0 b begins",
      "1 2",
      "1 1",
      "1 b: Preempted: lost 'crew': its capacity shrank, 9 s left",
      "4 c begins",
      "10 a ends",
      "14 c ends",
    ],
  ));

test("Resource: a schedule is capacity as data, and begins again if it is cyclic", (t) =>
  checkLog(
    t,
    function* () {
      const resource = new Resource({ capacity: 5 });
      resource.schedule(
        [
          [2, 1],
          [3, 0],
        ],
        { cyclic: true },
      );
      for (let i = 0; i < 6; i++) {
        say(resource.capacity);
        yield* sleep(1);
      }
    },
    ["0 1", "1 1", "2 0", "3 1", "4 1", "5 0"],
  ));

test("Resource: slotted service begins at instants only, for up to so many", (t) =>
  checkLog(
    t,
    function* () {
      const bus = new Resource({ capacity: 10 });
      bus.serveInSlots(
        [
          [10, 2],
          [15, 1],
        ],
        { cyclic: true },
      );
      for (const name of ["a", "b", "c", "d"]) {
        createTask(use(bus, name, 1));
      }
      yield* sleep(40);
    },
    ["10 a begins", "10 b begins", "11 a ends", "11 b ends", "15 c begins", "16 c ends", "25 d begins", "26 d ends"],
  ));

test("PreemptiveResource: the more important takes from the less important, which learns what was left", (t) =>
  checkLog(
    t,
    function* () {
      const resource = new PreemptiveResource({ name: "machine" });
      function* job(name: string, priority: number, preempt = true) {
        try {
          yield* use(resource, name, 5, { priority, preempt });
        } catch (error) {
          const { by, usageSince, remaining } = error as Preempted;
          say(`${name} lost it to ${by?.getName()}, held since ${usageSince}, ${remaining} s left`);
        }
      }
      createTask(job("low", 2));
      yield* sleep(1);
      createTask(job("polite", 0, false));
      createTask(job("high", 1), { name: "high" });
      yield* sleep(20);
    },
    ["0 low begins", "5 low ends", "5 polite begins", "10 polite ends", "10 high begins", "15 high ends"],
  ));

test("Resource.serve: preempted work goes on, begins again, is drawn anew or is given up", async (t) => {
  const outcomeOf = async (onPreempt: "resume" | "restart" | "resample" | "leave") => {
    const { value } = await simulate(function* () {
      const machine = new PreemptiveResource();
      let draws = 0;
      const work = createTask(machine.serve(() => [10, 4][draws++]!, { priority: 1, onPreempt }));
      yield* sleep(3);
      yield* machine.serve(1, { priority: 0 });
      const outcome = yield* work;
      return [getRunningLoop().time(), outcome.isDone, outcome.preemptions, outcome.remaining];
    });
    return value;
  };
  t.deepEqual(
    [await outcomeOf("resume"), await outcomeOf("restart"), await outcomeOf("resample"), await outcomeOf("leave")],
    [
      [11, true, 1, 0],
      [14, true, 1, 0],
      [8, true, 1, 0],
      [4, false, 1, 7],
    ],
  );
});

test("interrupt: comes before what is ready, and says what was left of a sleep", (t) =>
  checkLog(
    t,
    function* () {
      function* sleeper() {
        try {
          yield* sleep(10);
        } catch (error) {
          say(`${error}, ${(error as Interrupt).remaining} s left`);
          yield* sleep(1);
          say("goes on");
        }
      }
      const task = createTask(sleeper());
      yield* sleep(4);
      getRunningLoop().callSoon(() => say("was ready before"));
      interrupt(task, "fire");
      yield* task;
    },
    ["4 Interrupt: interrupted: fire, 6 s left", "4 was ready before", "5 goes on"],
  ));

test("interrupt: what the task waited for goes on without it; a wake-up that had come is dropped", (t) =>
  checkLog(
    t,
    function* () {
      const child = createTask(sleep(2, "done"));
      function* parent() {
        for (;;) {
          try {
            say(yield* child);
            return;
          } catch (error) {
            say(error);
          }
        }
      }
      const task = createTask(parent());
      yield* sleep(1);
      interrupt(task, 1);
      yield* sleep(1);
      // The child has woken the parent in this instant.
      yield* sleep(0);
      if (!task.done()) {
        interrupt(task, 2);
      }
      yield* task;
    },
    ["1 Interrupt: interrupted: 1", "2 done"],
  ));

test("interrupt: a task that has not begun begins first; async generators are interrupted as well", (t) =>
  checkLog(
    t,
    async function* () {
      async function* body() {
        say("begins");
        try {
          yield* sleep(5);
        } catch (error) {
          say(error);
        }
        yield* sleep(1);
        say("ends");
      }
      const task = createTask(body());
      interrupt(task, "early");
      yield* task;
    },
    ["0 begins", "0 Interrupt: interrupted: early", "1 ends"],
  ));

test("interrupt: a lock and a semaphore whose waiter is interrupted lose no wake-up", (t) =>
  checkLog(
    t,
    function* () {
      for (const primitive of [new Lock(), new Semaphore(1)]) {
        yield* primitive.acquire();
        function* waiter(name: string) {
          try {
            yield* primitive.acquire();
            say(`${name} has it`);
            primitive.release();
          } catch (error) {
            say(`${name}: ${error}`);
          }
        }
        const first = createTask(waiter("first"));
        const second = createTask(waiter("second"));
        yield* sleep(1);
        primitive.release();
        // The first has been woken in this instant.
        interrupt(first);
        yield* second;
      }
    },
    ["1 first: Interrupt: interrupted", "1 second has it", "2 first: Interrupt: interrupted", "2 second has it"],
  ));

test("interrupt: ended tasks, oneself and what is not a task are refused", async (t) => {
  const { value } = await simulate(function* () {
    const ended = createTask(sleep(0));
    yield* ended;
    const self = getRunningLoop()._currentTask as never;
    return [ended, self, 5].map((task) =>
      t.throws(() => interrupt(task as never))?.message.replace(/<.*>/, "the task"),
    );
  });
  t.deepEqual(value, [
    "interrupt: the task has ended and cannot be interrupted",
    "interrupt: a task cannot interrupt itself; throw an error instead",
    "interrupt: expected a task, got 5",
  ]);
});

test("anyOf: the loser is withdrawn, and nothing leaks", (t) =>
  checkLog(
    t,
    function* () {
      const resource = new Resource({ name: "counter" });
      const store = new Store<string>();
      const held = resource.request();
      yield* held;
      const won = yield* anyOf({ served: resource.request(), item: store.get(), gaveUp: sleep(3, "bored") });
      say(`${won.has("served")} ${won.get("gaveUp")} ${[...won.keys()]}`);
      say(`${resource.queueLength} ${store.getQueueLength}`);
      yield* store.put("a");
      say(store.size);
      held.release();
      // Granted at the instant in which the time is up.
      const other = yield* anyOf([sleep(0), resource.request()]);
      say(`${[...other.keys()]} ${resource.count}`);
    },
    ["3 false bored gaveUp", "3 0 0", "3 1", "3 1,0 1"],
  ));

test("allOf: waits for all, nested combinations too; a part that fails makes it fail", (t) =>
  checkLog(
    t,
    function* () {
      const results = yield* allOf({ a: sleep(1, "x"), b: anyOf([sleep(2), sleep(9)]), c: createTask(sleep(3, "y")) });
      say(`${results.get("a")} ${results.get("c")} ${results.size}`);
      try {
        yield* allOf([
          sleep(100),
          (function* () {
            yield* sleep(1);
            throw new Error("broken");
          })(),
        ]);
      } catch (error) {
        say(error);
      }
      yield* sleep(1000);
      say((yield* allOf([])).size);
    },
    ["3 x y 3", "4 Error: broken", "1004 0"],
  ));

test("Container: a big request keeps the smaller ones behind it waiting", (t) =>
  checkLog(
    t,
    function* () {
      const tank = new Container({ capacity: 10, init: 2 });
      function* taker(name: string, amount: number) {
        say(`${name} got ${yield* tank.get(amount)}`);
      }
      createTask(taker("big", 5));
      createTask(taker("small", 1));
      yield* sleep(1);
      yield* tank.put(4);
      yield* sleep(1);
      say(tank.level);
    },
    ["1 big got 5", "1 small got 1", "2 0"],
  ));

test("Store: a get that is cancelled at the instant it is met puts its item back", (t) =>
  checkLog(
    t,
    function* () {
      const store = new Store<string>({ capacity: 2 });
      const getter = createTask(waiting(store.get()));
      yield* sleep(1);
      store.put("first");
      store.put("second");
      yield* sleep(0);
      getter.cancel();
      yield* sleep(1);
      say(store.items.join(" "));
    },
    ["2 first second"],
  ));

test("FilterStore, PriorityStore: requests choose; equal priorities keep their order", (t) =>
  checkLog(
    t,
    function* () {
      const filter = new FilterStore<number>();
      const odd = createTask(waiting(filter.get((n) => n % 2 === 1)));
      const any = createTask(waiting(filter.get()));
      yield* filter.put(2);
      yield* filter.put(3);
      say(`${yield* odd} ${yield* any}`);
      const store = new PriorityStore<PriorityItem<string>>();
      for (const [priority, item] of [
        [2, "c"],
        [1, "a"],
        [1, "b"],
        [0, "z"],
      ] as const) {
        yield* store.put(new PriorityItem(priority, item));
      }
      const got: string[] = [];
      while (store.size > 0) {
        got.push((yield* store.get()).item);
      }
      say(got.join(""));
    },
    ["0 3 2", "0 zabc"],
  ));

test("Store and Container: closed ones take nothing more, and fail those that can never be met", (t) =>
  checkLog(
    t,
    function* () {
      const store = new Store<number>({ capacity: 1, name: "shelf" });
      yield* store.put(1);
      function* attempt(name: string, act: () => Generator): Generator<unknown, void, unknown> {
        try {
          say(`${name}: ${yield act()}`);
        } catch (error) {
          say(`${name}: ${error}`);
        }
      }
      createTask(
        attempt("put", function* () {
          yield* store.put(2);
        }),
      );
      yield* sleep(1);
      store.close();
      yield* attempt("get", function* () {
        return yield* store.get();
      });
      yield* attempt("get", function* () {
        return yield* store.get();
      });
      yield* attempt("put", function* () {
        yield* store.put(3);
      });
      const tank = new Container({ init: 3 });
      createTask(
        attempt("get 5", function* () {
          yield* tank.get(5);
        }),
      );
      yield* sleep(1);
      tank.close();
      yield* attempt("get 3", function* () {
        return yield* tank.get(3);
      });
    },
    [
      "1 put: ClosedError: store 'shelf' was closed",
      "1 get: 1",
      "1 get: ClosedError: get: store 'shelf' was closed, and has no such item",
      "1 put: ClosedError: put: store 'shelf' was closed",
      "2 get 5: ClosedError: get: a container was closed, and will never have what is missing",
      "2 get 3: 3",
    ],
  ));

test("requestAll: takes none while one is missing, so that crossed requests cannot deadlock", (t) =>
  checkLog(
    t,
    function* () {
      const surgeons = new Resource({ name: "surgeon" });
      const nurses = new Resource({ capacity: 2, name: "nurse" });
      function* operation(name: string, parts: Parameters<typeof requestAll>[0], seconds: number) {
        using _team = yield* requestAll(parts);
        say(`${name} begins, ${surgeons.count} ${nurses.count}`);
        yield* sleep(seconds);
      }
      createTask(operation("a", [surgeons, nurses], 3));
      createTask(operation("b", [{ resource: nurses, amount: 2 }, surgeons], 1));
      createTask(use(nurses, "single", 1));
      yield* sleep(10);
      say(`${surgeons.count} ${nurses.count}`);
    },
    ["0 a begins, 1 2", "0 single begins", "1 single ends", "3 b begins, 1 2", "10 0 0"],
  ));

test("ProcessorSharing: jobs slow each other down", (t) =>
  checkLog(
    t,
    function* () {
      const server = new ProcessorSharing({ capacity: 1 });
      function* job(name: string, at: number, work: number) {
        yield* sleep(at);
        yield* server.serve(work);
        say(name);
      }
      yield* gather(createTask(job("long", 0, 4)), createTask(job("short", 1, 1)), createTask(job("late", 10, 1)));
    },
    ["3 short", "5 long", "11 late"],
  ));

test("takeBatch: a batch goes when it is full or when its time is up", (t) =>
  checkLog(
    t,
    function* () {
      const stop = new Store<string>();
      function* people() {
        for (const name of "abcd") {
          yield* stop.put(name);
          yield* sleep(4);
        }
      }
      createTask(people());
      say((yield* takeBatch(stop, { size: 2, timeout: 10 })).join(""));
      say((yield* takeBatch(stop, { size: 3, timeout: 6 })).join(""));
    },
    ["4 ab", "14 cd"],
  ));

test("arrivals: by an interval, by recorded instants, in batches, and with a rate that changes", async (t) => {
  const times = async (...options: unknown[]): Promise<unknown> => {
    const { value, error } = await simulate(function* () {
      const seen: number[] = [];
      const [interarrival, rest] = options as [never, never];
      const count = yield* arrivals(
        interarrival,
        function* () {
          seen.push(getRunningLoop().time());
        },
        rest,
      );
      yield* sleep(0);
      return [count, ...seen];
    });
    return error ?? value;
  };
  t.deepEqual(await times(2, { count: 3 }), [3, 2, 4, 6]);
  t.deepEqual(await times([1, 1, 5], {}), [3, 1, 1, 5]);
  t.deepEqual(await times(1, { until: 3, batch: 2, immediate: true }), [6, 0, 0, 1, 1, 2, 2]);
  const thinned = (await times({ rate: (time: number) => (time < 100 ? 5 : 1), max: 5 }, { until: 200 })) as number[];
  const early = thinned.slice(1).filter((time) => time < 100).length;
  t.true(early > 430 && early < 570 && thinned.length - 1 - early > 65 && thinned.length - 1 - early < 140, `${early}`);
});

test("Deadlock: the report names the resource and those that hold it", async (t) => {
  const { error } = await simulate(
    function* () {
      const pump = new Resource({ capacity: 2, name: "pump" });
      const tank = new Container({ name: "tank" });
      function* car() {
        yield* pump.request();
        yield* tank.get(5);
      }
      for (let i = 1; i <= 3; i++) {
        createTask(car(), { name: `car ${i}` });
      }
      yield* new Store({ name: "office" }).get();
    },
    { trace: "off" },
  );
  t.deepEqual(
    String(error)
      .split("\n")
      .map((line) => line.replace(/ \(created.*/, "").trim())
      .filter((line) => !line.startsWith("at "))
      .slice(1),
    [
      "Task-1 waits for an item of store 'office'",
      "car 1 waits for 5 from container 'tank', which has 0",
      "car 2 waits for 5 from container 'tank', which has 0",
      "car 3 waits for resource 'pump', held by car 1, car 2",
    ],
  );
});

test("Monitor: waiting, holding, queue length and use; off by default", async (t) => {
  const { value } = await simulate(function* () {
    const resource = new Resource({ monitor: true });
    createTask(use(resource, "a", 4));
    createTask(use(resource, "b", 2));
    yield* sleep(10);
    const { waiting, holding, queueLength, inUse, utilization } = resource.monitor;
    return [waiting.mean, holding.mean, queueLength.mean, queueLength.max, inUse.mean, utilization];
  });
  t.deepEqual(value, [2, 3, 0.4, 1, 0.6, 0.6]);
  t.throws(() => new Resource({ name: "x" }).monitor, {
    message: "resource 'x' is not monitored; make it with { monitor: true }",
  });
});

test("Resources are in traces and their statistics, with equal digests in every mode", async (t) => {
  const main = function* () {
    const resource = new Resource({ name: "r" });
    yield* gather(...[1, 2, 3].map((i) => createTask(use(resource, String(i), i))));
  };
  const full = await simulate(main);
  const digest = await simulate(main, { trace: "digest" });
  const off = await simulate(main, { trace: "off" });
  const resources = traceStats(full.trace).primitives.filter(({ primitive }) => primitive === "Resource");
  t.deepEqual(
    [
      full.digest === digest.digest,
      full.steps === off.steps,
      full.output === off.output,
      resources.length,
      resources[0]?.waited,
    ],
    [true, true, true, 1, 2],
  );
});

test("Resources take part in explorations: a lost update across a grant is found, and the default schedule is the plain one", async (t) => {
  const main = function* () {
    const resource = new Resource({ capacity: 2 });
    let balance = 0;
    function* deposit() {
      yield* resource.with(function* () {
        const seen = balance;
        yield* sleep(0);
        balance = seen + 1;
      });
    }
    yield* gather(startProcess(deposit()), startProcess(deposit()));
    if (balance !== 2) {
      throw new Error(`balance ${balance}`);
    }
  };
  const racy = await explore(main, { runs: 50 });
  t.is(racy.verdict, "failed");
  const { error } = await simulate(main);
  t.is(String(error), "Error: balance 1");
});

test("Bad input is refused at the call, with what was expected", async (t) => {
  const { value } = await simulate(function* () {
    const resource = new Resource({ capacity: 2, name: "r" });
    const other = new Resource();
    const request = resource.request();
    yield* request;
    request.release();
    const refusal = (act: () => unknown): string | undefined => t.throws(act)?.message;
    return [
      refusal(() => new Resource({ capacity: 0 })),
      refusal(() => new Resource({ capacity: Number.NaN })),
      refusal(() => new Resource({ capacity: -1 })),
      refusal(() => new Resource({ capacity: "2" as never })),
      refusal(() => new Resource({ capcity: 2 } as never)),
      refusal(() => new Resource({ discipline: "sjf" as never })),
      refusal(() => resource.request({ amount: 0 })),
      refusal(() => resource.request({ amount: 3 })),
      refusal(() => request.release()),
      refusal(() => other.release(request)),
      refusal(() => resource.setCapacity(-1)),
      refusal(() => resource.schedule([])),
      refusal(() =>
        resource.schedule([
          [5, 1],
          [4, 2],
        ]),
      ),
      refusal(() => new Container({ capacity: 5, init: 6 })),
      refusal(() => new Container({ capacity: 5 }).put(6)),
      refusal(() => new Container().get(-1)),
      refusal(() => new Store().get(5 as never)),
      refusal(() => anyOf(5 as never)),
      refusal(() => anyOf({ a: 5 as never })),
      refusal(() => arrivals(-1, function* () {})),
      refusal(() => new ProcessorSharing().serve(-1)),
      refusal(() => requestAll([])),
    ];
  });
  t.deepEqual(value, [
    "Resource: expected a number above 0 as capacity, got 0",
    "Resource: expected a number above 0 as capacity, got NaN",
    "Resource: expected a number above 0 as capacity, got -1",
    'Resource: expected a number as capacity, got "2"',
    "Resource: unknown option 'capcity'; did you mean 'capacity'?",
    'Resource: expected a discipline (priority, fifo, lifo, random or a comparison of two requests), got "sjf"',
    "request: expected a number above 0 as amount, got 0",
    "request: resource 'r' has 2 units, got an amount of 3",
    "release: resource 'r' was released by this request already",
    "release: expected a request of a resource, got resource 'r'",
    "setCapacity: expected a capacity that is not negative, got -1",
    "schedule: expected at least one step [until, number], got []",
    "schedule: expected ascending instants above 0, got 4 after 5",
    "Container: expected init from 0 to the capacity 5, got 6",
    "put: a container holds 5 at most, got an amount of 6",
    "get: expected a number above 0 as amount, got -1",
    "get: expected a function (item) => boolean, got 5",
    "anyOf: expected what to wait for by name, such as { served: counter.request(), gaveUp: sleep(60) }, got 5",
    "anyOf: expected a request, a sleep, a future or a coroutine as 'a', got 5",
    "arrivals: expected seconds above 0 between arrivals, got -1",
    "serve: expected finite seconds of work that are not negative, got -1",
    "requestAll: expected an array of resources, got []",
  ]);
});

test("ClosedError is an error of its own", (t) => {
  t.is(String(new ClosedError("x")), "ClosedError: x");
  t.true(new Preempted(null, new Resource(), 0) instanceof Interrupt);
});
