import test from "ava";
import { createTask, Event, explore, Future, getRunningLoop, ImpureProgramError, simulate, sleep } from "../index.ts";

/** Goes on until the real world has acted, which it does in a turn of the host. */
const actedOn = (act: () => void) => {
  const seen: unknown[] = [];
  function* main() {
    let hasActed = false;
    setImmediate(() => {
      hasActed = true;
      try {
        act();
      } catch (error) {
        seen.push((error as Error).name);
      }
    });
    while (!hasActed) {
      yield* sleep(1);
    }
    yield* sleep(1e6);
  }
  return { main, seen };
};

test("simulate: what the real world does to a loop between two steps is refused, and the run fails", async (t) => {
  let future: Future<number>;
  let event: Event;
  const loop = () => getRunningLoop();
  let running: ReturnType<typeof loop>;
  const acts: Readonly<Record<string, () => void>> = {
    callSoon: () => running.callSoon(() => {}),
    callLater: () => running.callLater(1, () => {}),
    createTask: () => running.createTask(sleep(1)),
    setResult: () => future.setResult(1),
    setException: () => future.setException(new Error("no")),
    cancel: () => future.cancel(),
    "Event.set": () => event.set(),
  };
  const results: string[] = [];
  for (const [name, act] of Object.entries(acts)) {
    const { main, seen } = actedOn(act);
    const { error } = await simulate(function* () {
      running = loop();
      future = new Future<number>();
      event = new Event();
      const wait = event;
      createTask(
        (function* () {
          yield* wait.wait();
        })(),
      );
      yield* main();
    });
    results.push(`${name}: ${seen.join()}, ${(error as Error | undefined)?.name}`);
  }
  t.deepEqual(
    results,
    Object.keys(acts).map((name) => `${name}: ForeignCallError, ForeignCallError`),
  );
});

test("explore: a program that the real world acts on is impure", async (t) => {
  let future: Future<number>;
  const { main } = actedOn(() => future.setResult(1));
  const error = await t.throwsAsync(
    explore(
      function* () {
        future = new Future<number>();
        yield* main();
      },
      { maxSteps: 1e12 },
    ),
    { instanceOf: ImpureProgramError },
  );
  t.regex(error.message, /the real world .* acted on the simulation between two of its steps/);
});
