import "../index.ts";
import { readFile } from "node:fs/promises";
import test from "ava";
import { ForeignAwaitError } from "../../base/errors.ts";
import { print } from "../../loop/built-ins.ts";
import { simulate } from "../../simulation.ts";
import { createTask } from "../../tasks/current.ts";
import { sleep } from "../../tasks/sleep.ts";

test("NodeDriver: a run whose coroutine awaited the real world leaves later runs in order", async (t) => {
  const stuck = await simulate(async function* () {
    await readFile("package.json");
  });
  t.true(stuck.error instanceof ForeignAwaitError, String(stuck.error));

  function* say(what: string, delay: number) {
    yield* sleep(delay);
    print(what);
  }
  const plain = await simulate(function* main() {
    const world = createTask(say("world", 2));
    yield* say("hello", 1);
    yield* world;
  });
  const promises = await simulate(async () => {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    print("a second later");
  });
  t.deepEqual(
    [plain.error, plain.output, promises.error, promises.output],
    [undefined, "hello\nworld\n", undefined, "a second later\n"],
  );
});
