import test from "ava";
import { formatBytes } from "../loop/format-value.ts";
import { simulate } from "../simulation.ts";
import { chromePieces, toChrome } from "./chrome/chrome.ts";
import { diffTraces } from "./compare/diff.ts";
import { formatDiff } from "./compare/format-diff.ts";
import { TraceFormatError } from "./file/format-error.ts";
import { parseJsonl, TraceParser } from "./file/parse.ts";
import { filterTrace } from "./filter/filter.ts";
import { jsonlLines, toJsonl } from "./jsonl.ts";
import { toMermaidGantt } from "./mermaid/mermaid-gantt.ts";
import { toMermaidSequence } from "./mermaid/mermaid-sequence.ts";
import { toHtml } from "./page/html.ts";
import { toPcapng } from "./pcapng/pcapng.ts";
import { Recorder } from "./record/recorder.ts";
import { isIntact } from "./record/verify.ts";
import { formatStats } from "./stats/format-stats.ts";
import { traceStats } from "./stats/stats.ts";
import { statsSvg } from "./svg/stats-picture.ts";
import { toSvg } from "./svg/svg.ts";
import { Trace } from "./trace.ts";
import { textLines, toText } from "./words/text.ts";

const wrong = (value: unknown): never => value as never;

test("Traces: what is not a trace is refused by name, with what was expected", (t) => {
  const functions = {
    toText,
    toJsonl,
    toChrome,
    toMermaidGantt,
    toMermaidSequence,
    toHtml,
    toPcapng,
    traceStats,
    statsSvg,
  };
  for (const [name, use] of Object.entries({ ...functions, toSvg, isIntact, diffTraces, filterTrace })) {
    for (const [value, got] of [
      [undefined, "undefined"],
      [{ trace: 5 }, '{"trace":5}'],
      [[], "[]"],
    ] as const) {
      t.throws(() => use(wrong(value), wrong({})), {
        instanceOf: TypeError,
        message: `${name}: expected a Trace, such as the field 'trace' of simulate()'s result, got ${got}`,
      });
    }
  }
});

test("Traces: an unknown option is refused", (t) => {
  for (const use of [toSvg, toHtml, toPcapng, toMermaidGantt, toMermaidSequence]) {
    t.throws(() => use(Trace.EMPTY, wrong({ widht: 5 })), {
      instanceOf: TypeError,
      message: new RegExp(
        `^${use.name}: unknown option 'widht'; did you mean 'width'\\?|^${use.name}: unknown option 'widht' \\(known: `,
      ),
    });
  }
});

test("Traces: what is not a filter is refused at the call", async (t) => {
  async function* main() {}
  for (const [filter, message] of [
    [{ kind: ["print"] }, "trace filter: unknown option 'kind'; did you mean 'kinds'?"],
    [{ kinds: "print" }, 'trace filter: kinds: expected an array of strings, got "print"'],
    [{ tasks: "main" }, 'trace filter: tasks: expected an array of strings and numbers, got "main"'],
    [5, "trace filter: expected an object with options, got 5"],
  ] as const) {
    t.throws(() => filterTrace(Trace.EMPTY, wrong(filter)), { instanceOf: TypeError, message });
    await t.throwsAsync(simulate(main, { traceFilter: wrong(filter) }), { instanceOf: TypeError, message });
  }
  await t.throwsAsync(simulate(main, { traceSink: wrong(5) }), {
    instanceOf: TypeError,
    message: "traceSink: expected a function, got 5",
  });
});

/** Values that no function of this layer takes, and that fail when they are converted, compared or looked into. */
const hostile: readonly unknown[] = [
  undefined,
  null,
  0,
  -0,
  Number.NaN,
  10n,
  "",
  "{",
  Symbol("s"),
  [],
  [Symbol("s")],
  [10n],
  {},
  Object.create(null),
  { header: {}, [Symbol.iterator]: 5 },
  new Proxy(
    {},
    {
      get: () => {
        throw new Error("trap");
      },
    },
  ),
  () => {},
];

/** Each public function, as a call with one argument replaced. */
const calls: Readonly<Record<string, readonly ((value: never) => unknown)[]>> = {
  toText: [toText],
  toJsonl: [toJsonl],
  toChrome: [toChrome],
  chromePieces: [chromePieces],
  textLines: [textLines],
  jsonlLines: [jsonlLines],
  toMermaidGantt: [toMermaidGantt, (value) => toMermaidGantt(Trace.EMPTY, { maxTasks: value })],
  toMermaidSequence: [toMermaidSequence, (value) => toMermaidSequence(Trace.EMPTY, value)],
  toHtml: [
    toHtml,
    (value) => toHtml(Trace.EMPTY, value),
    (value) => toHtml(Trace.EMPTY, { names: value }),
    (value) => toHtml(Trace.EMPTY, { sources: value }),
    (value) => toHtml(Trace.EMPTY, { compareWith: value }),
  ],
  toPcapng: [toPcapng, (value) => toPcapng(Trace.EMPTY, value), (value) => toPcapng(Trace.EMPTY, { links: value })],
  toSvg: [toSvg, (value) => toSvg(Trace.EMPTY, value), (value) => toSvg(Trace.EMPTY, { width: value })],
  statsSvg: [statsSvg],
  traceStats: [traceStats],
  formatStats: [formatStats],
  diffTraces: [(value) => diffTraces(value, Trace.EMPTY), (value) => diffTraces(Trace.EMPTY, value)],
  formatDiff: [
    (value) => formatDiff(value, Trace.EMPTY, Trace.EMPTY, ["a", "b"]),
    (value) => formatDiff(diffTraces(Trace.EMPTY, Trace.EMPTY), value, Trace.EMPTY, ["a", "b"]),
    (value) => formatDiff(diffTraces(Trace.EMPTY, Trace.EMPTY), Trace.EMPTY, Trace.EMPTY, value),
  ],
  filterTrace: [
    (value) => filterTrace(value, {}),
    (value) => filterTrace(Trace.EMPTY, value),
    (value) => filterTrace(Trace.EMPTY, { kinds: value }),
    (value) => filterTrace(Trace.EMPTY, { tasks: value }),
    (value) => filterTrace(Trace.EMPTY, { from: value }),
    (value) => filterTrace(Trace.EMPTY, { to: value }),
  ],
  isIntact: [isIntact],
  parseJsonl: [parseJsonl],
  TraceParser: [(value) => new TraceParser(value), (value) => new TraceParser().line(value)],
  Recorder: [
    (value) => new Recorder(value),
    (value) => new Recorder({ mode: value }),
    (value) => new Recorder({ mode: "full", sink: value }),
    (value) => new Recorder({ mode: "full", filter: value }),
  ],
  Trace: [
    (value) => new Trace(value, "", []),
    (value) => new Trace(Trace.EMPTY.header, value, []),
    (value) => new Trace(Trace.EMPTY.header, "", value),
  ],
  formatBytes: [formatBytes],
};

test("Traces: whatever is passed, a public function works or refuses it in words of its own", (t) => {
  const log: string[] = [];
  for (const [name, uses] of Object.entries(calls)) {
    for (const [i, use] of uses.entries()) {
      for (const value of hostile) {
        try {
          use(wrong(value));
        } catch (error) {
          const message = String((error as Error).message);
          if (!/^trap$|^[\w. ]+: (?:[\w. ]+: )?(?:expected|unknown|no packet was sent)/.test(message)) {
            log.push(`${name} ${i}: ${message}`);
          }
        }
      }
    }
  }
  t.deepEqual(log, []);
});

test("TraceParser: a line that is nested a hundred thousand deep is refused, wherever it is", (t) => {
  const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  const head = `${JSON.stringify(Trace.EMPTY.header)}\n`;
  const start = head.slice(0, -2);
  for (const [text, line] of [
    [deep, 1],
    [`{"format":${deep}}`, 1],
    [`${head.replace('"UTC"', deep)}`, 1],
    [`${head}{"seq":1,"time":0,"kind":${deep}}`, 2],
    [`${head}{"seq":${deep},"time":0,"kind":"clock"}`, 2],
    [`${head}{"seq":1,"time":0,"kind":"a.b","by":0,"detail":{"x":${deep}}}`, 2],
    [`${head}{"records":0,"digest":${deep}}`, 2],
    [`${head}{"records":0,"digest":"","names":{"1":${deep}}}`, 2],
  ] as const) {
    t.throws(() => parseJsonl(text), { instanceOf: TraceFormatError, message: new RegExp(`^line ${line}: expected`) });
  }
  const more = parseJsonl(`${start},"more":${deep}}\n{"records":0,"digest":"","more":${deep}}\n`);
  t.is(toJsonl(more), `${head}{"records":0,"digest":""}\n`, "what the format does not know is left out");
});
