import test from "ava";
import { NOTE, PRINT } from "../event-codes.ts";
import { WordStream } from "./word-stream.ts";

test("WordStream: events of any length leave it as small as it was", (t) => {
  const lengths: number[] = [];
  const stream = new WordStream((words, length) => {
    lengths.push(words.length);
    t.true(length <= words.length);
  });
  for (let i = 0; i < 20_000; i++) {
    stream.begin(NOTE, i);
    stream.text("a line of sixty-four characters, as long as what a packet holds!");
    stream.text("a→b");
  }
  stream.begin(PRINT, 0);
  stream.text("x".repeat(100_000));
  for (let i = 0; i < 100_000; i++) {
    stream.begin(NOTE, i);
    stream.word(i);
  }
  stream.flush();
  t.deepEqual([...new Set(lengths)].sort((a, b) => a - b).slice(0, 1), [8192]);
  t.is(lengths.filter((length) => length > 8192).length, 1);
});
