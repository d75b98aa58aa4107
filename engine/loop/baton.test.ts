import test from "ava";
import { createTask, currentTask, gather, getRunningLoop, print, simulate, sleep } from "../index.ts";

const flavours = {
  "async generators": (note: (text: string) => void, name: string) => {
    async function* worker(delay: number) {
      for (let i = 0; i < 3; i++) {
        yield* sleep(delay);
        note(`${name} ${currentTask()?.getName()} ${getRunningLoop().time()}`);
        await Promise.resolve();
        print(`${name} ${i}`);
      }
    }
    return async function* main() {
      yield* gather(worker(1), worker(1.5));
    };
  },
  "plain generators": (note: (text: string) => void, name: string) => {
    function* worker(delay: number) {
      for (let i = 0; i < 3; i++) {
        yield* sleep(delay);
        note(`${name} ${currentTask()?.getName()} ${getRunningLoop().time()}`);
        print(`${name} ${i}`);
      }
    }
    return function* main() {
      yield* gather(worker(1), worker(1.5));
    };
  },
};

for (const [flavour, programOf] of Object.entries(flavours)) {
  test.serial(
    `Baton: two simulations of ${flavour} started at once run one after the other, each in its own world`,
    async (t) => {
      const log: string[] = [];
      const note = (text: string): void => {
        log.push(text);
      };
      const results = await Promise.all(["a", "b"].map((name) => simulate(programOf(note, name))));
      const lines = ["Task-2 1", "Task-3 1.5", "Task-2 2", "Task-3 3", "Task-2 3", "Task-3 4.5"];
      t.deepEqual(
        [log, results.map(({ output }) => output)],
        [
          [...lines.map((line) => `a ${line}`), ...lines.map((line) => `b ${line}`)],
          ["a 0\na 0\na 1\na 1\na 2\na 2\n", "b 0\nb 0\nb 1\nb 1\nb 2\nb 2\n"],
        ],
      );
    },
  );
}

test.serial("Baton: a run that waits for its turn while the first lets the host breathe still waits", async (t) => {
  const log: string[] = [];
  let begun = false;
  const long = simulate(
    function* () {
      for (let i = 0; i < 200_000 || !begun; i++) {
        yield sleep(1);
      }
      log.push("long");
    },
    {
      trace: "off",
      onProgress: () => {
        begun = true;
      },
    },
  );
  const short = simulate(function* () {
    log.push("short");
  });
  await Promise.all([long, short]);
  t.deepEqual(log, ["long", "short"]);
});

test.serial("Baton: a run that fails passes it on", async (t) => {
  const failing = simulate(async function* () {
    yield* sleep(1);
    throw new Error("no");
  });
  const endless = simulate(
    async function* () {
      for (;;) {
        yield* sleep(1);
      }
    },
    { maxSteps: 100 },
  );
  const stuck = simulate(async function* () {
    await new Promise(() => {});
  });
  const well = simulate(async function* () {
    yield* createTask(sleep(1));
    return "well";
  });
  const [a, b, c, d] = await Promise.all([failing, endless, stuck, well]);
  t.deepEqual([a, b, c].map(({ error }) => (error as Error).name).concat(d.value ?? "nothing"), [
    "Error",
    "LimitError",
    "ForeignAwaitError",
    "well",
  ]);
});

test.serial("Baton: no loop runs before, between and after runs", async (t) => {
  const outside = (): string | undefined => t.throws(getRunningLoop)?.message;
  const before = outside();
  await simulate(function* () {
    yield* sleep(1);
  });
  t.deepEqual(
    [before, outside()],
    new Array(2).fill("no running event loop: call this from a coroutine or callback, inside run() or simulate()"),
  );
});

test("Baton: runs that wait go on in the order in which they were started", async (t) => {
  const order: string[] = [];
  const program = (name: string) =>
    async function* () {
      order.push(name);
      yield* sleep(1);
    };
  await Promise.all(["first", "second", "third", "fourth"].map((name) => simulate(program(name))));
  t.deepEqual(order, ["first", "second", "third", "fourth"]);
});
