import test from "ava";
import {
  always,
  createTask,
  eventually,
  explore,
  getRunningLoop,
  type Program,
  run,
  type SimulateOptions,
  simulate,
  sleep,
} from "../../index.ts";

/** What `simulate`, `run` and `explore` say of a program. */
async function verdicts(program: Program<unknown>, options: SimulateOptions = {}): Promise<string[]> {
  const simulated = await simulate(program, options);
  const { failure } = await explore(program, { runs: 10, ...(options as object) });
  const ran = options.until === undefined ? run(program()).then(() => "passes", String) : "not tried";
  return [
    "error" in simulated ? String(simulated.error) : "passes",
    await ran,
    failure === undefined ? "passes" : `${failure.kind}: ${failure.error}`,
  ];
}

/** Becomes true, if ever, after `delay` seconds, in a program that goes on for `length` seconds. */
const stored = (delay: number, length: number) =>
  function* main() {
    let isStored = false;
    eventually(function stored() {
      return isStored;
    }, 10);
    createTask(
      (function* () {
        yield* sleep(delay);
        isStored = true;
      })(),
    );
    yield* sleep(length);
  };

test("eventually: is judged when the program ends before its deadline", async (t) => {
  const missed = "Error: eventually: stored did not come true before the end of the program, at 3 s; it had until 10 s";
  t.deepEqual(await verdicts(stored(5, 3)), [missed, missed, `eventually: ${missed}`]);
  t.deepEqual(await verdicts(stored(2, 3)), ["passes", "passes", "passes"]);
});

test("eventually: is judged when the world stops before its deadline", async (t) => {
  const missed = "Error: eventually: stored did not come true before the end of the program, at 3 s; it had until 10 s";
  t.deepEqual(await verdicts(stored(5, 20), { until: 3 }), [missed, "not tried", `eventually: ${missed}`]);
  t.deepEqual(await verdicts(stored(2, 20), { until: 3 }), ["passes", "not tried", "passes"]);
});

test("eventually: what a task stated is judged, too, after that task and the program have ended", async (t) => {
  function* main() {
    createTask(
      (function* () {
        yield* sleep(1);
        eventually(function stored() {
          return false;
        }, 10);
      })(),
    );
    yield* sleep(2);
  }
  const missed = "Error: eventually: stored did not come true before the end of the program, at 2 s; it had until 11 s";
  t.deepEqual(await verdicts(main), [missed, missed, `eventually: ${missed}`]);
});

test("eventually: may come true while the tasks that are left are cancelled", async (t) => {
  function* main() {
    let isClosed = false;
    eventually(() => isClosed, 10);
    createTask(
      (function* () {
        try {
          yield* sleep(100);
        } finally {
          isClosed = true;
        }
      })(),
    );
    yield* sleep(1);
  }
  t.deepEqual(await verdicts(main), ["passes", "passes", "passes"]);
});

test("always: is checked after main's last step", async (t) => {
  function* main() {
    let isRight = true;
    always(function right() {
      return isRight;
    });
    yield* sleep(1);
    isRight = false;
  }
  const broken = "Error: always: the check right returned false";
  t.deepEqual(await verdicts(main), [broken, broken, `invariant: ${broken}`]);
});

test("always: is checked while tasks that are left run their finally blocks, and go on in them", async (t) => {
  function* main() {
    let isRight = true;
    always(function right() {
      return isRight;
    });
    createTask(
      (function* () {
        try {
          yield* sleep(100);
        } finally {
          yield* sleep(1);
          isRight = false;
          yield* sleep(1);
          isRight = true;
        }
      })(),
    );
    yield* sleep(1);
  }
  const broken = "Error: always: the check right returned false";
  t.deepEqual(await verdicts(main), [broken, broken, `invariant: ${broken}`]);
});

test("always: a check does not keep a task that would end by itself from being distinguished from a leak", async (t) => {
  const program = (isLeaking: boolean) =>
    function* main() {
      always(() => true);
      let isReady = false;
      createTask(
        (function* late() {
          yield* sleep(0);
          yield* sleep(isReady || !isLeaking ? 5 : Number.POSITIVE_INFINITY);
        })(),
        { name: "late" },
      );
      yield* createTask(
        (function* () {
          isReady = true;
          yield* sleep(1);
        })(),
      );
    };
  t.is((await explore(program(false))).verdict, "ok");
  t.is((await explore(program(true))).failure?.kind, "leak");
});

const throwUndefined = (): never => {
  const nothing: unknown = undefined;
  throw nothing;
};

test("explore, simulate: undefined is an error like any other, wherever it is thrown", async (t) => {
  const programs: Readonly<Record<string, Program<unknown>>> = {
    callback: function* () {
      getRunningLoop().callSoon(() => {
        throwUndefined();
      });
      yield* sleep(1);
    },
    task: function* () {
      createTask(
        (function* () {
          throwUndefined();
        })(),
      );
      yield* sleep(1);
    },
    main: function* () {
      yield* sleep(1);
      throwUndefined();
    },
    always: function* () {
      let isRight = true;
      always(() => {
        if (!isRight) {
          throwUndefined();
        }
      });
      yield* sleep(1);
      isRight = false;
      yield* sleep(1);
    },
    latency: function* () {
      yield* getRunningLoop()
        .network.get("a")
        .boot(function* () {
          yield* getRunningLoop().createConnection(() => ({}) as never, "b", 1);
        });
    },
  };
  const found: string[] = [];
  for (const [name, program] of Object.entries(programs)) {
    const network = { hosts: { a: {}, b: {} }, links: { latency: throwUndefined } };
    const { failure } = await explore(program, { runs: 5, network });
    const result = await simulate(program, { network });
    const simulated = "error" in result ? String(result.error) : `${result.warnings.length} warning`;
    found.push(`${name}: ${failure?.kind} ${failure?.error}, ${simulated}`);
  }
  t.deepEqual(found, [
    "callback: unhandled undefined, 1 warning",
    "task: unhandled undefined, 1 warning",
    "main: error undefined, undefined",
    "always: invariant undefined, undefined",
    "latency: error undefined, undefined",
  ]);
});
