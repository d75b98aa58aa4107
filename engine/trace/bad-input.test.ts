import test from "ava";
import { simulate } from "../simulation.ts";
import { toChrome } from "./chrome/chrome.ts";
import { diffTraces } from "./compare/diff.ts";
import { filterTrace } from "./filter/filter.ts";
import { toJsonl } from "./jsonl.ts";
import { toMermaidGantt } from "./mermaid/mermaid-gantt.ts";
import { toMermaidSequence } from "./mermaid/mermaid-sequence.ts";
import { toHtml } from "./page/html.ts";
import { toPcapng } from "./pcapng/pcapng.ts";
import { isIntact } from "./record/verify.ts";
import { traceStats } from "./stats/stats.ts";
import { statsSvg } from "./svg/stats-picture.ts";
import { toSvg } from "./svg/svg.ts";
import { Trace } from "./trace.ts";
import { toText } from "./words/text.ts";

const wrong = (value: unknown): never => value as never;

test("Traces: what is no trace is refused by name, with what was expected", (t) => {
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
      [{ trace: Trace.EMPTY }, "object"],
      [[], "a list"],
    ] as const) {
      t.throws(() => use(wrong(value), wrong({})), {
        instanceOf: TypeError,
        message: `${name}: expected a Trace, such as the field trace of what simulate() gives; got ${got}`,
      });
    }
  }
});

test("Traces: an option that there is not is refused", (t) => {
  for (const use of [toSvg, toHtml, toPcapng, toMermaidGantt, toMermaidSequence]) {
    t.throws(() => use(Trace.EMPTY, wrong({ widht: 5 })), {
      instanceOf: TypeError,
      message: new RegExp(
        `^${use.name}: unknown option 'widht'; did you mean 'width'\\?|^${use.name}: unknown option 'widht' \\(known: `,
      ),
    });
  }
});

test("Traces: a filter that is none is refused where it is given", async (t) => {
  async function* main() {}
  for (const [filter, message] of [
    [{ kind: ["print"] }, "trace filter: unknown option 'kind'; did you mean 'kinds'?"],
    [{ kinds: "print" }, 'kinds must be a list of strings, got "print"'],
    [{ tasks: "main" }, 'tasks must be a list of strings and numbers, got "main"'],
    [5, "trace filter: expected an object with options, got 5"],
  ] as const) {
    t.throws(() => filterTrace(Trace.EMPTY, wrong(filter)), { instanceOf: TypeError, message });
    await t.throwsAsync(simulate(main, { traceFilter: wrong(filter) }), { instanceOf: TypeError, message });
  }
  await t.throwsAsync(simulate(main, { traceSink: wrong(5) }), {
    instanceOf: TypeError,
    message: "traceSink must be a function, got 5",
  });
});
