import test from "ava";
import { withoutPlaces } from "../golden/recorded-logs.ts";
import { createTask, EventLoop, getRunningLoop, InvalidStateError, simulate, sleep, toText } from "../index.ts";

/** A loop, and what it reports. */
function world() {
  const reports: string[] = [];
  return { loop: new EventLoop({ errorOutput: (report) => reports.push(report) }), reports };
}

function fails(): void {
  throw new Error("no");
}

test("Exception handler: by default an exception in a callback is reported with the callback and the error", async (t) => {
  const { loop, reports } = world();
  loop.callSoon(fails);
  loop.callLater(1.5, fails);
  loop.callSoon(() => {
    throw new InvalidStateError("");
  });
  await loop.runForever();
  t.deepEqual(withoutPlaces(reports), [
    "Exception in callback <Handle fails>\nhandle: <Handle fails>\nError: no",
    "Exception in callback <Handle anonymous>\nhandle: <Handle anonymous>\nInvalidStateError",
    "Exception in callback <TimerHandle when=1.5 fails>\nhandle: <TimerHandle when=1.5 fails>\nError: no",
  ]);
});

test("Exception handler: one's own gets the loop, the message, the exception and the handle instead", async (t) => {
  const { loop, reports } = world();
  const seen: unknown[] = [];
  loop.setExceptionHandler((...args) => seen.push(args));
  const handle = loop.callSoon(fails);
  await loop.runForever();
  t.deepEqual(seen, [[loop, { message: "Exception in callback <Handle fails>", exception: new Error("no"), handle }]]);
  t.deepEqual(reports, []);
});

test("Exception handler: one that throws is reported by the default one, and the run goes on", async (t) => {
  const { loop, reports } = world();
  const log: string[] = [];
  loop.setExceptionHandler(() => {
    throw new Error("worse");
  });
  loop.callSoon(fails);
  loop.callSoon(() => log.push("next"));
  await loop.runForever();
  t.deepEqual([withoutPlaces(reports), log], [["Unhandled error in exception handler\nError: worse"], ["next"]]);
});

test("Exception handler: null brings the default back", async (t) => {
  const { loop, reports } = world();
  const handler = (): void => {};
  const handlers: unknown[] = [loop.getExceptionHandler()];
  loop.setExceptionHandler(handler);
  handlers.push(loop.getExceptionHandler());
  loop.setExceptionHandler(null);
  handlers.push(loop.getExceptionHandler());
  loop.callSoon(fails);
  await loop.runForever();
  t.deepEqual([handlers, reports.length], [[null, handler, null], 1]);
});

test("Exception handler: callExceptionHandler reports the message, then the details by name, then the exception", (t) => {
  const { loop, reports } = world();
  loop.callExceptionHandler({ message: "something happened", zone: "b", exception: "a string", area: 1 });
  loop.callExceptionHandler({ message: "something else happened" });
  t.deepEqual(reports, ["something happened\narea: 1\nzone: b\na string", "something else happened"]);
});

test("Exception handler: in a simulation its reports are among the warnings, in the order in which they came", async (t) => {
  const { warnings, output } = await simulate(function* () {
    getRunningLoop().callSoon(fails);
    yield* sleep(1);
    getRunningLoop().callExceptionHandler({ message: "later" });
  });
  t.deepEqual(
    [withoutPlaces(warnings), output],
    [["Exception in callback <Handle fails>\nhandle: <Handle fails>\nError: no", "later"], ""],
  );
});

test("Exception handler: a report says where in the program the error was thrown, which the trace leaves out", async (t) => {
  const line = Number(/exceptions\.test\.ts:(\d+)/.exec(new Error("here").stack ?? "")?.[1]);
  const { warnings, trace } = await simulate(function* () {
    getRunningLoop().callSoon(fails);
    createTask(
      (function* (): Generator<unknown, void> {
        throw new Error("in a task");
      })(),
    );
    createTask(
      (function* (): Generator<unknown, void> {
        // biome-ignore lint/style/useThrowOnlyError: programs may throw anything
        throw "no error";
      })(),
    );
    yield* sleep(1);
  });
  t.deepEqual(
    warnings.map((warning) => Number(/\n {2}at .*exceptions\.test\.ts:(\d+):\d+$/.exec(warning)?.[1])),
    [12, line + 5, line + 8],
  );
  t.notRegex(toText(trace), /\n {2}at /);
});
