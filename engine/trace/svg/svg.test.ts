import { DOMParser, type Element, onErrorStopParsing } from "@xmldom/xmldom";
import test from "ava";
import type { TraceRecord } from "../record.ts";
import { Trace } from "../trace.ts";
import { statsSvg } from "./stats-picture.ts";
import { toSvg } from "./svg.ts";

const traceOf = (list: readonly object[], program?: string): Trace =>
  new Trace(
    { ...Trace.EMPTY.header, ...(program === undefined ? {} : { program }) },
    "",
    list.map((record, i) => ({ seq: i + 1, time: 0, ...record }) as TraceRecord),
  );

/** The elements of a picture, as another XML parser than a browser's reads them; it throws for what is not XML. */
const elements = (svg: string): Element[] => [
  ...new DOMParser({ onError: onErrorStopParsing }).parseFromString(svg, "image/svg+xml").getElementsByTagName("*"),
];

const count = (svg: string, name: string): number =>
  elements(svg).filter((element) => (element.getAttribute("class") ?? "").split(" ").includes(name)).length;

const texts = (svg: string, name: string): string[] =>
  elements(svg)
    .filter((element) => element.tagName === "text" && element.getAttribute("class") === name)
    .map((element) => element.textContent ?? "");

const pair = [
  { kind: "create", task: 1, name: "main", by: 0 },
  { kind: "wake", task: 1, by: 0 },
  { kind: "step", task: 1 },
  { kind: "create", task: 2, name: "child", by: 1 },
  { kind: "wake", task: 2, by: 1 },
  { kind: "wait", task: 1, on: "task", target: 2 },
  { kind: "step", task: 2 },
  { kind: "print", text: "hello\n", by: 2 },
  { kind: "wait", task: 2, on: "sleep", target: 3 },
  { time: 2, kind: "clock" },
  { time: 2, kind: "run", handle: 3 },
  { time: 2, kind: "wake", task: 2, by: 3 },
  { time: 2, kind: "step", task: 2 },
  { time: 2, kind: "print", text: "world\n", by: 2 },
  { time: 2, kind: "wake", task: 1, by: 2 },
  { time: 2, kind: "end", task: 2, outcome: "cancelled" },
  { time: 2, kind: "step", task: 1 },
  { time: 2, kind: "end", task: 1, outcome: "finished" },
];

test("SVG: lanes, bars, arrows, ends and prints of a run are in the picture", (t) => {
  const svg = toSvg(traceOf(pair, "pair"));
  const bars = elements(svg).filter(({ tagName, childNodes }) => tagName === "rect" && childNodes.length > 0);
  t.deepEqual(
    ["ready", "running", "waiting"].map((state) => bars.filter((bar) => bar.getAttribute("class") === state).length),
    [4, 5, 2],
  );
  // One of each that occurs stands in the legend.
  t.deepEqual(
    ["wake", "create", "message", "finish", "bad", "band"].map((name) => count(svg, name)),
    [3, 2, 0, 2, 2, 2],
  );
  t.deepEqual(texts(svg, "end"), ["main", "child"]);
  t.deepEqual(texts(svg, "code"), ["hello", "world"]);
  t.deepEqual(texts(svg, "title"), ["pair"]);
});

test("SVG: a bar says in words what it shows", (t) => {
  const titles = elements(toSvg(traceOf(pair))).filter(({ tagName }) => tagName === "title");
  t.true(titles.some(({ textContent }) => textContent === "0 s: child waits for sleep #3"));
});

test("SVG: names and prints that are not XML are shown all the same", (t) => {
  const evil = "<b>&\"'\0\u001b[31m \ud800 ]]> \uffff";
  const trace = traceOf(
    [
      { kind: "create", task: 1, name: evil, by: 0 },
      { kind: "step", task: 1 },
      { kind: "print", text: evil, by: 1 },
    ],
    evil,
  );
  for (const svg of [toSvg(trace), statsSvg(trace)]) {
    t.is(texts(svg, "title")[0], "<b>&\"'␀␛[31m \ufffd ]]> \ufffd");
  }
});

test("SVG: equal runs give equal bytes", (t) => {
  t.is(toSvg(traceOf(pair)), toSvg(traceOf(pair)));
  t.is(statsSvg(traceOf(pair)), statsSvg(traceOf(pair)));
});

test("SVG: what does not fit is counted, and the picture stays small", (t) => {
  const many = Array.from({ length: 3000 }, (_, i) => [
    { kind: "create", task: i + 1, name: `task ${i}`, by: i },
    { kind: "wake", task: i + 1, by: i },
    { kind: "step", task: i + 1 },
  ]).flat();
  const svg = toSvg(traceOf(many));
  t.regex(svg, /not shown: 2940 more lanes</);
  t.true(svg.length < 100_000, `${svg.length} characters`);
});

test("SVG: an empty trace is an empty picture", (t) => {
  for (const svg of [toSvg(Trace.EMPTY), statsSvg(Trace.EMPTY)]) {
    t.is(elements(svg)[0]?.tagName, "svg");
    t.notRegex(svg, /NaN|Infinity|undefined/);
  }
});

test("SVG: a width that makes no sense is refused", (t) => {
  t.throws(() => toSvg(Trace.EMPTY, { width: Number.NaN }), {
    instanceOf: RangeError,
    message: "toSvg: width: expected 200 to 100000 pixels, got NaN",
  });
});

test("SVG: the numbers of a run show waits by length and queues over time", (t) => {
  const svg = statsSvg(traceOf(pair));
  t.deepEqual(
    elements(svg)
      .filter(({ tagName, parentNode }) => tagName === "title" && (parentNode as Element).tagName === "rect")
      .map(({ textContent }) => textContent),
    ["from 2 s: 1", "from 2 s: 1"],
  );
  t.deepEqual(texts(svg, "faint small end").slice(0, 6), ["at most 1", "2 s", "at most 0", "2 s", "at most 2", "2 s"]);
});
