import test from "ava";
import type { FromThread } from "./messages.ts";
import { PortStream } from "./port-stream.ts";

function opened() {
  const log: string[] = [];
  const stream = new PortStream(
    1,
    { columns: undefined, hasColours: false },
    {
      post: (message: FromThread) => message.kind === "write" && log.push(`send ${message.chunk.length}`),
      keepAlive: (change) => log.push(`keep alive ${change}`),
    },
  );
  stream.on("error", ({ message }) => log.push(`error ${message}`));
  return { log, stream };
}

test("PortStream: what is written is sent at once, and an empty chunk waits until it has been written", (t) => {
  const { log, stream } = opened();
  stream.write("abc");
  stream.write("de");
  stream.write("", () => log.push("all written"));
  stream.written(3);
  log.push("not yet");
  stream.written(2);
  t.deepEqual(
    log.filter((line) => !line.startsWith("keep")),
    ["send 3", "send 2", "not yet", "all written"],
  );
  t.is(log.filter((line) => line === "keep alive 1").length, log.filter((line) => line === "keep alive -1").length);
});

test("PortStream: of what is not yet written, a mebibyte is sent, and the rest waits", (t) => {
  const { log, stream } = opened();
  stream.write("x".repeat(2 ** 20));
  stream.write("y");
  t.deepEqual(log, [`send ${2 ** 20}`, "keep alive 1"]);
  stream.written(1);
  t.deepEqual(log.slice(2, 3), ["keep alive -1"]);
});

test("PortStream: when the stream has broken, what waits fails", async (t) => {
  const { log, stream } = opened();
  stream.write("abc");
  const failure = new Promise((resolve) => stream.write("", resolve));
  const closing = new Promise((resolve) => stream.on("close", resolve));
  stream.broke({ message: "write EPIPE", code: "EPIPE", syscall: "write" });
  t.like(await failure, { message: "write EPIPE", code: "EPIPE" });
  await closing;
  t.is(log.at(-1), "error write EPIPE");
});
