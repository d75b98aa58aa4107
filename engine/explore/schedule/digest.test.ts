import test from "ava";
import { createTask, explore, gather, sameOutcome, sleep } from "../../index.ts";
import { digestOf } from "./digest.ts";

test("sameOutcome: values are compared by what they hold", (t) => {
  const circle: unknown[] = [1];
  circle.push(circle);
  t.deepEqual(
    [
      "text",
      ["text", null, undefined, Number.NaN, -0, 3n],
      { b: 1, a: [2] },
      new Map<unknown, unknown>([
        ["b", { c: 1 }],
        [2, "a"],
      ]),
      new Set(["b", "a"]),
      new Date(0),
      new RangeError("too much"),
      circle,
    ].map(digestOf),
    [
      "text",
      '["text",null,undefined,NaN,0,3n]',
      '{"a":[2],"b":1}',
      'Map{"b":{"c":1},2:"a"}',
      'Set{"a","b"}',
      '"1970-01-01T00:00:00.000Z"',
      "RangeError: too much",
      "[1,[circular]]",
    ],
  );
});

/** Two tasks that put something into `store`, the second later. */
const putting = (store: () => { put: (name: string) => void; outcome: () => unknown }) =>
  function* main() {
    const { put, outcome } = store();
    function* work(name: string, hops: number) {
      for (let i = 0; i < hops; i++) {
        yield* sleep(0);
      }
      put(name);
    }
    sameOutcome(outcome);
    yield* gather(createTask(work("A", 1), { name: "A" }), createTask(work("B", 4), { name: "B" }));
  };

test("sameOutcome: what a Map holds counts, and not when it was put there", async (t) => {
  const lastWins = putting(() => {
    const map = new Map<string, string>();
    return { put: (name) => map.set("last", name), outcome: () => map };
  });
  const { failure } = await explore(lastWins);
  t.is(failure?.kind, "outcome");
  t.is(
    String(failure?.error),
    'OutcomeError: sameOutcome: this order ends with Map{"last":"A"}, the baseline run with Map{"last":"B"}',
  );
  const both = putting(() => {
    const map = new Map<string, number>();
    return { put: (name) => map.set(name, 1), outcome: () => map };
  });
  t.is((await explore(both)).failure, undefined);
});

test("sameOutcome: an outcome that cannot be serialized is a failure of the run", async (t) => {
  const program = putting(() => {
    const seen: string[] = [];
    return {
      put: (name) => seen.push(name),
      outcome: () => {
        if (seen[0] === "B") {
          throw new Error("B came first");
        }
        return seen.length;
      },
    };
  });
  const { failure } = await explore(program);
  t.is(failure?.kind, "error");
  t.is(String(failure?.error), "Error: B came first");
});
