import test from "ava";
import fc from "fast-check";
import { editDistance, nearest } from "./nearest.ts";

const names = ["coroutine-object", "await-sequence", "create-task", "tcp-server", "raft"];

test("Nearest names: a letter missing, doubled, wrong, swapped or in capitals is forgiven", (t) => {
  t.deepEqual(
    ["creat-task", "creaate-task", "create_task", "craete-task", "Create-Task", "ratf"].map((name) =>
      nearest(name, names),
    ),
    [["create-task"], ["create-task"], ["create-task"], ["create-task"], ["create-task"], ["raft"]],
  );
});

test("Nearest names: a part of three letters or more is enough", (t) => {
  t.deepEqual(
    ["task", "seq", "tc", ""].map((name) => nearest(name, names)),
    [["create-task"], ["await-sequence"], [], []],
  );
});

test("Nearest names: the likeliest comes first, and there are three at most", (t) => {
  t.deepEqual(nearest("abcd", ["abce", "abcdef", "abcd", "bacd", "zzzz"]), ["abcd", "abce", "bacd"]);
});

test("Edit distance: it is a distance that swaps of neighbours shorten to one", (t) => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 8 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      const distance = editDistance(a, b);
      return (
        distance === editDistance(b, a) &&
        (distance === 0) === (a === b) &&
        distance >= Math.abs(a.length - b.length) &&
        distance <= Math.max(a.length, b.length) &&
        editDistance(`${a}xy${b}`, `${a}yx${b}`) === 1
      );
    }),
  );
  t.pass();
});
