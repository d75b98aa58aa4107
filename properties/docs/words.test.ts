import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { proseOfCode, proseOfPage } from "./prose.ts";
import { checkout } from "./stage.ts";
import { writtenFiles } from "./written-files.ts";

/*
 * Words that this project does not use in pages, comments, messages and titles of tests, each with what to write
 * instead. A line in `RIGHT` is right as it is.
 */

interface Rule {
  readonly found: RegExp;
  readonly instead: string;
}

const RULES: readonly Rule[] = [
  { found: /(?<![Tt]here )\b(?:is|are|was|were) no (?!longer\b|less\b|more\b|wider\b)[a-z]/, instead: '"is not a …"' },
  { found: /\bthat there (?:is|are) not\b/, instead: '"unknown …"' },
  { found: /\bthere (?:is|are) no such\b/, instead: '"no such …", "unknown …"' },
  {
    found: /there (?:is|are) no [^.;]+; there (?:is|are)\b/,
    instead: 'the nearest name: "unknown …; did you mean …?"',
  },
  { found: /\b(?:[Tt]ells?|[Tt]old|[Tt]elling)\b/, instead: '"shows", "reports", "receives"' },
  { found: /\b(?:it|check\S*|function) gave (?:true|false|nothing|\d|…)/, instead: '"returned"' },
  { found: /\bgives (?:true|false|the result|its result|`)/, instead: '"returns"' },
  {
    found: /\b(?:nobody|somebody)(?=,? [a-z])|\b[a-z]+ (?:nobody|somebody)\b/i,
    instead: '"no task", "another task", or the passive voice',
  },
  { found: /\blook(?:s|ed)? after\b/, instead: 'what is done: "awaits", "retrieves", "restarts"' },
  {
    found: /(?:^|: )who (?:is|has|waits|acquires|puts|gets|reads|writes|comes)\b/i,
    instead: '"a task that …", "a waiter"',
  },
  { found: /\b(?:[Ww]hat came of|[Ww]hat comes of)\b/, instead: '"the result of"' },
  { found: /\bplain (?:order|run)\b/, instead: '"default schedule", "baseline run"' },
  { found: /\bdistinct traces\b/, instead: '"distinct interleavings"' },
  { found: /\b[Tt]imetables?\b/, instead: '"fault plan"' },
  { found: /\b[Dd]isturb(?:s|ed|ance|ances|ing)?\b/, instead: '"impair"' },
  { found: /\b(?:a|each|the|every) crossing\b/, instead: '"packet in transit"' },
  { found: /\b(?:timers?|calls?|callbacks?|handles?)\b.{0,30}\bwithdraw[ns]?\b/, instead: '"cancelled"' },
  { found: /\bfollows? from the seed\b|\bnumbers follow from\b/, instead: '"is derived from the seed"' },
  { found: /\bfolders?\b(?!\.txt)/, instead: '"directory"' },
  { found: /\bline ends?\b(?! in\b)/, instead: '"newline"' },
  { found: /\bfrom 1 on\b/, instead: '"a positive integer", "at least 1"' },
  { found: /\bMost real\b/, instead: '"Real-time limit"' },
  { found: /\b(?:its|their|a|this) texts?\b(?! (?:editor|field|file|form|node))/, instead: '"string", "message"' },
  { found: /\b(?:as|of|the) texts\b/, instead: '"strings", "messages"' },
  { found: /\bsimulated (?:time|seconds?)\b/, instead: '"virtual time"' },
  { found: /\b(?:nine tenths|ninety-nine hundredths)\b/, instead: '"p90", "p99"' },
  { found: /\breality (?:may|could|might)\b/, instead: '"a real system could"' },
  {
    found: /\b(?:rooms (?:above|below)|room above|room below|inner rooms?|every room|this room)\b/,
    instead: '"layer", "module"',
  },
];

/** Lines that are right, as `path: part of the line`, with the reason. */
const RIGHT: readonly { readonly path: string; readonly part: string; readonly why: string }[] = [
  { path: "docs/glossary.md", part: "Others say simulated time", why: "readers look it up" },
  { path: "docs/scenarios.md", part: "each telling one other", why: "people tell rumours" },
  { path: "scenarios/network/gossip.ts", part: "tell", why: "people tell rumours" },
  { path: "engine/base/describe.test.ts", part: "told", why: "a word of the example" },
  { path: "engine/network/streams/edges.test.ts", part: "# ", why: "printed by CPython" },
  { path: "engine/network/transports/passes.test.ts", part: "nobody listens", why: "printed by CPython" },
  { path: "engine/network/transports/transports.test.ts", part: "told to fail", why: "printed by CPython" },
  { path: "scenarios/cli/trace-commands.test.ts", part: "is called nobody", why: "the name of a task" },
];

const isRight = (path: string, words: string): boolean =>
  RIGHT.some((one) => path.startsWith(one.path) && words.includes(one.part));

/** What to change in `words`, if anything. */
const objections = (words: string): string[] =>
  RULES.flatMap(({ found, instead }) => {
    const match = found.exec(words);
    return match === null ? [] : [`"${match[0]}": write ${instead}`];
  });

/** Old versions of this project, and this list. */
const LEFT_OUT = /^docs\/changelog\.md$|^properties\/docs\/words\.test\.ts$/;

test("Words: pages, comments, messages and titles use the terms of the field", (t) => {
  const wrong: string[] = [];
  for (const path of writtenFiles(/\.(?:md|ts|mjs|cjs|js)$/).filter((name) => !LEFT_OUT.test(name))) {
    const source = readFileSync(join(checkout, path), "utf8");
    for (const { line, words } of path.endsWith(".md") ? proseOfPage(source) : proseOfCode(source)) {
      wrong.push(...(isRight(path, words) ? [] : objections(words).map((what) => `${path}:${line}: ${what}`)));
    }
  }
  t.deepEqual(wrong, []);
});

test("Words: an exception that nothing needs is removed", (t) => {
  const unused = RIGHT.filter(({ path, part }) => {
    const source = readFileSync(join(checkout, path), "utf8");
    return !source.split("\n").some((words) => words.includes(part) && objections(words).length > 0);
  });
  t.deepEqual(unused, []);
});

test("Words: each old word is found", (t) => {
  const old = [
    "`main()` is no coroutine function",
    "options that there are not",
    "there is no such file",
    "there is no option sead; there are seed and trace",
    "it tells how it went",
    "the check gave false",
    "it gives the result",
    "nobody waits",
    "what it looks after",
    "Lock: who waits goes on",
    "what came of it",
    "in plain order",
    "12 distinct traces",
    "a timetable",
    "disturb a link",
    "each crossing",
    "a timer that was withdrawn",
    "it follows from the seed",
    "a folder",
    "without its line end",
    "from 1 on",
    "Most real seconds",
    "its text shows",
    "an array of texts",
    "in simulated time",
    "half, nine tenths",
    "what reality may do",
    "a room above the loop",
  ];
  t.deepEqual(
    old.map((words) => objections(words).length > 0),
    old.map(() => true),
  );
  t.is(old.length, RULES.length);
});

test("Words: comments and strings of code are read, and code is not", (t) => {
  const source = `const folder = 1; // one
/* two
 * three */
call("four", /folder"/, \`five \${folder} six
seven\`); const eight = 'nine';
`;
  t.deepEqual(
    proseOfCode(source).map(({ line, words }) => `${line} ${words.trim()}`),
    ["1 // one", "2 /* two", "3 * three */", '4 "four"', "4 `five … six", "5 seven`", "5 'nine'"],
  );
});
