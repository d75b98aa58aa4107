import { readFileSync } from "node:fs";
import test from "ava";
import { print } from "../loop/built-ins.ts";
import { getRunningLoop } from "../network/event-loop.ts";
import { DatagramProtocol } from "../network/transports/contract.ts";
import { simulate } from "../simulation.ts";
import { Lock } from "../sync/lock.ts";
import { createTask } from "../tasks/current.ts";
import { sleep } from "../tasks/sleep.ts";
import { parseJsonl } from "./file/parse.ts";
import { toJsonl } from "./jsonl.ts";
import { toOtlp } from "./otlp/otlp.ts";
import { isIntact } from "./record/verify.ts";
import { TraceSalvager } from "./salvage/salvage.ts";
import { toShiviz } from "./shiviz/shiviz.ts";
import { toSpeedscope } from "./speedscope/speedscope.ts";
import { startSeconds } from "./start-seconds.ts";
import { Trace } from "./trace.ts";
import { criticalPath } from "./why/critical-path.ts";
import { formatPath } from "./why/format-path.ts";

interface SpeedscopeProfile {
  readonly name: string;
  readonly startValue: number;
  readonly endValue: number;
  readonly events: readonly { readonly type: string; readonly frame: number; readonly at: number }[];
}

function* nap(delay: number) {
  yield* sleep(delay);
  print("awake");
}

function* main() {
  yield* createTask(nap(1), { name: "child" });
  yield* sleep(0.5);
  throw new TypeError("broken");
}

test("toSpeedscope: a profile for each task, whose stretches follow one another in virtual time", async (t) => {
  const { trace } = await simulate(main, { name: "naps" });
  const { profiles, shared, $schema } = JSON.parse(toSpeedscope(trace));
  t.is($schema, "https://www.speedscope.app/file-format-schema.json");
  const events = profiles.map(({ name, startValue, endValue, events: list }: SpeedscopeProfile) => [
    name,
    startValue,
    endValue,
    list.map(({ type, frame, at }) => `${type} ${shared.frames[frame].name} ${at}`),
  ]);
  t.deepEqual(events, [
    ["Task-1", 0, 1.5, ["O waits for task 0", "C waits for task 1", "O waits for sleep 1", "C waits for sleep 1.5"]],
    ["child", 0, 1, ["O waits for sleep 0", "C waits for sleep 1"]],
  ]);
});

test("toOtlp: tasks are spans with parents, events, wakers as links and the outcome as status", async (t) => {
  const { trace, digest } = await simulate(main, { name: "naps", start: 1_700_000_000 });
  const { resourceSpans } = JSON.parse(toOtlp(trace));
  t.is(resourceSpans.length, 1);
  t.deepEqual(resourceSpans[0].resource.attributes[0], { key: "service.name", value: { stringValue: "naps" } });
  const [first, child] = resourceSpans[0].scopeSpans[0].spans;
  t.deepEqual([first.traceId, first.spanId, first.parentSpanId], [digest, "0000000000000001", undefined]);
  t.deepEqual([child.parentSpanId, child.name], [first.spanId, "child"]);
  t.deepEqual(
    [child.startTimeUnixNano, child.endTimeUnixNano, first.endTimeUnixNano],
    ["1700000000000000000", "1700000001000000000", "1700000001500000000"],
  );
  t.deepEqual(
    child.events.map(({ name, timeUnixNano }: Record<string, string>) => [name, timeUnixNano]),
    [
      ["waits for sleep", "1700000000000000000"],
      ["prints", "1700000001000000000"],
    ],
  );
  t.deepEqual(
    first.links.map(({ spanId, traceId }: Record<string, string>) => [spanId, traceId]),
    [[child.spanId, digest]],
  );
  t.deepEqual([first.status, child.status], [{ code: 2, message: "TypeError: broken" }, { code: 1 }]);
});

function* network() {
  const loop = getRunningLoop();
  const [a, b] = [loop.network.host("a"), loop.network.host("b")];
  loop.network.setLink(a, b, { latency: 0.25 });
  class Server extends DatagramProtocol {
    override datagramReceived(): void {
      print("got it");
    }
  }
  yield* b.run(loop.createDatagramEndpoint(() => new Server(), { localAddress: ["10.0.0.2", 7] }));
  yield* a.run(send());
  yield* sleep(1);
  function* send() {
    const remoteAddress = ["10.0.0.2", 7] as const;
    const [transport] = yield* loop.createDatagramEndpoint(() => new DatagramProtocol(), { remoteAddress });
    transport.sendto(new Uint8Array(1));
  }
}

test("toShiviz: each event has its process and a vector clock, which grows along packets", async (t) => {
  const log = toShiviz((await simulate(network)).trace);
  const events = [...log.matchAll(/^(?<event>.*)\n(?<host>\S*) (?<clock>\{.*\})$/gm)].map(({ groups }) => groups!);
  t.is(events.length * 2, log.split("\n").length - 1, "the default parser of ShiViz reads every line");
  const find = (what: RegExp) => JSON.parse(events.find(({ event }) => what.test(event!))!["clock"]!);
  const [sent, arrived, printed] = [find(/sends packet/), find(/arrives over a→b/), find(/prints "got it"/)];
  t.true(arrived.a >= sent.a && arrived.b > (sent.b ?? 0));
  t.true(printed.a >= sent.a && printed.b > arrived.b, "what the arrival does knows of the sending");
});

test("criticalPath: leads through the holder of a lock and the sleep of the one that held it", async (t) => {
  function* holder(lock: Lock) {
    yield* lock.acquire();
    yield* sleep(3);
    lock.release();
  }
  function* waiter(lock: Lock) {
    yield* lock.acquire();
    yield* sleep(0);
    print("late");
  }
  function* contend() {
    const lock = new Lock();
    createTask(holder(lock), { name: "holder" });
    yield* createTask(waiter(lock), { name: "waiter" });
  }
  const { trace } = await simulate(contend);
  const seq = trace.records.find(({ kind }) => kind === "print")!.seq;
  const path = criticalPath(trace, seq);
  t.deepEqual(
    path.steps.map(({ time, text, on }) => [time, text, on]),
    [
      [0, "the outside wakes Task-1", null],
      [0, "Task-1 wakes holder", null],
      [0, "holder sets timer #5 for 3", null],
      [3, "timer #5 wakes holder", "sleep of holder"],
      [3, "holder wakes waiter", null],
      [3, "waiter gives up its turn", null],
      [3, 'waiter prints "late"', null],
    ].map((row) => [...row]),
  );
  t.deepEqual(path.totals, [{ on: "sleep of holder", seconds: 3, count: 1 }]);
  t.regex(formatPath(path), /\nspent on +times +total\nsleep of holder +1 +3 s\n$/);
  t.throws(() => criticalPath(trace, 999), {
    instanceOf: RangeError,
    message: /^criticalPath: the trace has no event 999/,
  });
});

test("criticalPath: names the link that a packet took", async (t) => {
  const { trace } = await simulate(network);
  const seq = trace.records.find((record) => record.kind === "print")!.seq;
  t.deepEqual(
    criticalPath(trace, seq).totals.map(({ on, seconds }) => [on, seconds]),
    [["link a→b", 0.25]],
  );
});

test("TraceSalvager: keeps the events before the first line that cannot be read, as a whole trace", async (t) => {
  const { trace } = await simulate(main);
  const lines = toJsonl(trace).trimEnd().split("\n");
  const salvage = (list: readonly string[]) => {
    const salvager = new TraceSalvager();
    list.every((line) => salvager.line(line));
    return salvager.end();
  };
  for (const length of [1, 2, 5, lines.length - 1]) {
    for (const broken of [
      lines.slice(0, length),
      [...lines.slice(0, length), lines[length]!.slice(0, 7), ...lines.slice(length + 1)],
    ]) {
      const { trace: saved, problem } = salvage(broken);
      t.deepEqual(saved.records, trace.records.slice(0, length - 1));
      t.regex(problem ?? "", new RegExp(`^line ${length + 1}: `));
      t.true(isIntact(parseJsonl(toJsonl(saved))));
    }
  }
  t.is(salvage(lines).problem, null);
  t.is(salvage(lines).trace.digest, trace.digest);
  t.throws(() => salvage(["no trace"]), { message: /^line 1: / });
});

test("startSeconds: Unix seconds and ISO 8601, with an offset or in UTC", (t) => {
  const at = (start: number | string): number => startSeconds({ ...Trace.EMPTY.header, start });
  t.deepEqual(
    [
      12.5,
      "1970-01-01",
      "2000-01-01T00:00:00",
      "2024-02-29T12:30:15.5Z",
      "2000-03-01T00:00:00+01:30",
      "1969-12-31T23:59:59",
      "x",
    ].map(at),
    [12.5, 0, 946_684_800, 1_709_209_815.5, 951_868_800 - 5400, -1, 0],
  );
});

test("Docs: every format of a trace, and every command for traces, has its row", (t) => {
  const docs = readFileSync(new URL("../../docs/traces.md", import.meta.url), "utf8");
  const formats = readFileSync(new URL("../../scenarios/cli/trace-formats.ts", import.meta.url), "utf8");
  const table = /const formats = \{(.*?)\} satisfies/s.exec(formats)?.[1] ?? "";
  const names = [...table.matchAll(/^ {2}(\w+): \{ ending: "([^"]+)"/gm)];
  t.true(names.length >= 11);
  for (const [, name, ending] of names) {
    t.true(docs.includes(`| \`${name}\` | \`${ending}\``), `docs/traces.md has no row for ${name} (${ending})`);
  }
  for (const command of ["trace", "diff", "check", "stats", "why", "salvage"]) {
    t.true(docs.includes(`simloop ${command} `), `docs/traces.md has no example of simloop ${command}`);
  }
});
