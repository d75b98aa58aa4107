import { Writable } from "node:stream";
import test from "ava";
import { Outlet } from "./outlet.ts";

/** A stream that is slow, and fails at what is written to it. */
class SlowlyFailing extends Writable {
  override _write(_chunk: unknown, _encoding: string, done: (error: Error) => void): void {
    setImmediate(() => done(Object.assign(new Error("write EPIPE"), { code: "EPIPE" })));
  }
}

test("Outlet: when it is closed, it is known whether all was written", async (t) => {
  const outlet = new Outlet(new SlowlyFailing());
  outlet.write("text");
  t.false(outlet.broken.aborted);
  await outlet.close();
  t.deepEqual([outlet.broken.aborted, outlet.isUnread], [true, true]);
});

test("Outlet: what comes after the stream broke is dropped", async (t) => {
  const stream = new SlowlyFailing();
  const outlet = new Outlet(stream);
  stream.emit("error", new Error("broken"));
  outlet.write("text");
  await outlet.close();
  t.deepEqual([stream.writableLength, outlet.isUnread], [0, false]);
});

test("Outlet: on a terminal a message is shown, not obeyed; elsewhere it stays as it is", (t) => {
  const message = "\u001b[2Jgone\r\u0007\u009b31m\u202eback\u200f\tta\u0000b\nline\n";
  const said = (columns?: number): string => {
    let text = "";
    const stream = new Writable({
      write(chunk, _encoding, done) {
        text += chunk;
        done();
      },
    });
    new Outlet(Object.assign(stream, columns === undefined ? {} : { columns })).say(message);
    return text;
  };
  t.is(said(), message);
  t.is(said(80), "\\u001b[2Jgone\\u000d\\u0007\\u009b31m\\u202eback\\u200f\tta\\u0000b\nline\n");
});
