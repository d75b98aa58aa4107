import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { posix } from "node:path";
import process from "node:process";
import test from "ava";

/*
 * The layers, checked: which may import which, what the engine must not touch, and what it shows to its users.
 * The checks are functions of the sources' text, so that each of them is itself shown to catch its breach.
 */

const upToTasks = ["base", "clock", "loop", "tasks"];
const upToNetwork = [...upToTasks, "sync", "network"];
const upToRunner = [...upToNetwork, "trace", "runner"];

/** The layers from the ground up, and what each may import besides itself. */
const layers: Readonly<Record<string, readonly string[]>> = {
  base: [],
  clock: ["base"],
  loop: ["base", "clock"],
  tasks: ["base", "clock", "loop"],
  sync: upToTasks,
  network: [...upToTasks, "sync"],
  statistics: ["base"],
  resources: [...upToTasks, "sync", "statistics"],
  trace: ["base"],
  runner: upToNetwork,
  simulation: upToRunner,
  scenario: [...upToTasks, "simulation"],
  explore: [...upToRunner, "simulation"],
  experiment: [...upToRunner, "simulation", "scenario", "explore", "statistics"],
  index: [...upToRunner, "simulation", "scenario", "explore"],
  real: [...upToRunner, "simulation"],
  node: [...upToRunner, "simulation"],
  scenarios: ["index", "real", "node", "resources", "experiment"],
  invariants: upToTasks,
  properties: ["index", "node", "resources", "experiment", "scenarios", "invariants"],
};

/** The inner layers of a big layer: directories, and files beside them. */
interface BigLayer {
  /** Files beside the directories that every inner layer may import, each of which may import those before it. */
  readonly vocabulary: readonly string[];
  /** The other inner layers from the ground up, and what each may import besides itself and the vocabulary. */
  readonly layers: Readonly<Record<string, readonly string[]>>;
}

const bigLayers: Readonly<Record<string, BigLayer>> = {
  trace: {
    vocabulary: ["event-codes", "record", "version", "fields", "trace", "jsonl", "start-seconds"],
    layers: {
      "filter/": [],
      "states/": [],
      "words/": [],
      "file/": ["filter/"],
      "record/": ["filter/"],
      "compare/": ["states/", "words/"],
      "stats/": ["states/", "words/"],
      "timeline/": ["states/", "words/"],
      "chrome/": ["states/", "timeline/", "words/"],
      "mermaid/": ["states/", "words/"],
      "pcapng/": [],
      "speedscope/": ["states/", "words/"],
      "otlp/": ["words/"],
      "shiviz/": ["timeline/", "words/"],
      "why/": ["states/", "words/"],
      "salvage/": ["file/", "record/"],
      "svg/": ["states/", "stats/", "timeline/", "words/"],
      "page/": ["compare/", "states/", "stats/", "svg/", "timeline/", "words/"],
    },
  },
  explore: {
    vocabulary: [],
    layers: {
      "schedule/": [],
      "causality/": ["schedule/"],
      "run/": ["schedule/"],
      "program/": ["run/", "schedule/"],
      "histories/": ["run/"],
      "strategies/": ["causality/", "run/", "schedule/"],
      "report/": ["causality/", "run/", "schedule/", "strategies/"],
      options: ["causality/", "schedule/", "strategies/"],
      "session-of": ["options", "run/", "schedule/"],
      explore: ["causality/", "options", "report/", "run/", "schedule/", "session-of", "strategies/"],
      replay: ["options", "report/", "run/", "schedule/", "session-of"],
      "debug/": ["options", "replay", "report/", "run/", "schedule/", "session-of"],
    },
  },
  network: {
    vocabulary: ["address", "agenda", "errors", "poller", "text", "port-uses", "ports", "socket-address"],
    layers: {
      "packets/": [],
      "links/": ["packets/"],
      "names/": ["links/"],
      "stack-host": ["packets/"],
      "tcp/": ["packets/", "stack-host"],
      "udp/": ["packets/", "stack-host"],
      "hosts/": ["links/", "packets/", "tcp/", "udp/"],
      "faults/": ["hosts/", "links/", "packets/"],
      "sockets/": ["hosts/", "names/", "packets/", "tcp/", "udp/"],
      "transports/": ["packets/", "sockets/"],
      "network-options": ["hosts/", "links/", "tcp/"],
      network: [
        "faults/",
        "hosts/",
        "links/",
        "names/",
        "network-options",
        "packets/",
        "sockets/",
        "tcp/",
        "transports/",
      ],
      "event-loop": ["hosts/", "network", "network-options", "sockets/", "transports/"],
      "streams/": ["event-loop", "transports/"],
      "real/": ["event-loop", "names/", "network", "sockets/", "streams/", "tcp/", "transports/"],
    },
  },
};

/** What a layer may take from outside. Tests may take anything. */
const packages: Readonly<Record<string, readonly string[]>> = {
  base: ["pure-rand"],
  scenarios: ["bullmq", "commander", "ioredis", "picocolors", "tsx"],
  properties: [
    "@fast-check/ava",
    "ava",
    "commander",
    "esbuild",
    "fast-check",
    "picocolors",
    "playwright-core",
    "rolldown",
  ],
};

/** The engine's files that deal with the machine they run on. */
const touchesHost = /^engine\/(?:clock\/real|network\/real|node\/|loop\/host(?:-inspector)?\.ts$)/;

/** The engine's files that hold the functions whose last digit may differ between runtimes. */
const guardsMath = /^engine\/base\/float\.ts$/;

/** The engine's files that run a loop from outside, as promises; coroutines suspend by `yield*`. */
const runsLoops = /^engine\/(?:loop|explore|experiment|real|node)\/|(?:-loop|\/runner|\/simulation)\.ts$/;

/** The one file that asks the machine for the rules of named time zones. */
const asksTimeZones = /^engine\/clock\/intl-offset\.ts$/;

interface Ban {
  readonly pattern: RegExp;
  readonly instead: string;
  readonly except?: RegExp;
}

/** What the engine must not contain besides the globals that `biome.json` denies it. */
const bans: readonly Ban[] = [
  { pattern: /\bMath\.random\b/g, instead: "Draw from the named random streams of engine/base." },
  {
    pattern: /\bMath\.(?:a?(?:cos|sin|tan)h?|atan2|cbrt|expm?1?|hypot|log(?:10|1p|2)?|pow)\b/g,
    instead: "Its last digit differs between runtimes: decide with integers, or use engine/base/float.ts.",
    except: guardsMath,
  },
  {
    pattern: /\bIntl\b|\.(?:toLocale\w+|localeCompare)\b/g,
    instead: "A locale belongs to the machine: compare with < and >, format with strftime.",
    except: asksTimeZones,
  },
  {
    pattern: /(?<![\w$.])await\b/g,
    instead: "Coroutines suspend by yield*; only what runs a loop from outside awaits promises.",
    except: runsLoops,
  },
];

type Sources = ReadonlyMap<string, string>;

interface Import {
  readonly line: number;
  readonly from: string;
}

const root = new URL("..", import.meta.url);
const namesFile = new URL("engine/public-names.txt", root);
const isTest = (path: string): boolean => path.endsWith(".test.ts");
/** What tests share; it is not built, and nothing else imports it. */
const helpsTests = (path: string): boolean => path.startsWith("engine/golden/");
const isForTests = (path: string): boolean => isTest(path) || helpsTests(path);
const byText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
const lineAt = (text: string, index: number): number => text.slice(0, index).split("\n").length;

function readSources(): Sources {
  const sources = new Map<string, string>();
  for (const folder of ["engine", "properties", "scenarios"].filter((name) => existsSync(new URL(name, root)))) {
    for (const entry of readdirSync(new URL(folder, root), { recursive: true, encoding: "utf8" }).sort(byText)) {
      if (entry.includes("node_modules")) {
        continue;
      }
      if (entry.endsWith(".ts")) {
        const path = posix.join(folder, entry.replaceAll("\\", "/"));
        sources.set(path, readFileSync(new URL(path, root), "utf8"));
      }
    }
  }
  return sources;
}

const comment = String.raw`\/\/[^\n]*|\/\*[^]*?\*\/`;
const quoted = String.raw`"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'`;
const template = String.raw`\`(?:\\[^]|\$\{(?:[^{}\`]|\`[^\`]*\`|\{[^{}]*\})*\}|[^\`\\])*\``;
const pattern = String.raw`(?<=(?:[=(,:;!&|?[{}>\n]|\breturn)\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/`;
const noCode = new RegExp([comment, quoted, template, pattern].join("|"), "g");
const blank = (text: string): string => text.replace(/[^\n]/g, " ");

/**
 * `text` with blanks for comments and for what stands in literals, so that only code is left, each piece in its place.
 */
function codeOf(text: string): string {
  return text.replace(noCode, (found) => {
    if (found.startsWith("`")) {
      const parts = found.split(/(\$\{(?:[^{}`]|`[^`]*`|\{[^{}]*\})*\})/);
      return parts.map((part) => (part.startsWith("${") ? `  ${codeOf(part.slice(2, -1))} ` : blank(part))).join("");
    }
    return /^["']/.test(found) ? found[0] + blank(found.slice(1, -1)) + found[0] : blank(found);
  });
}

function importsOf(text: string): Import[] {
  const statement = /(?<![\w$.])(?:(?:import|export)\s[^;"'()=]*?\sfrom\s*|import\s*\(\s*|import\s+)(["'])/g;
  return [...codeOf(text).matchAll(statement)].map((match) => {
    const start = match.index + match[0].length;
    return { line: lineAt(text, match.index), from: text.slice(start, text.indexOf(match[1]!, start)) };
  });
}

/** The file of the project that `from` means, or "" when it means something outside. */
function fileOf(importer: string, from: string): string {
  if (from.startsWith(".")) {
    return posix.join(posix.dirname(importer), from);
  }
  return (
    {
      simloop: "engine/index.ts",
      "simloop/experiment": "engine/experiment/index.ts",
      "simloop/explore": "engine/explore/index.ts",
      "simloop/resources": "engine/resources/index.ts",
      "simloop/network": "engine/network/index.ts",
      "simloop/node": "engine/node/index.ts",
      "simloop/node/register": "engine/node/register.ts",
      "simloop/properties": "properties/index.ts",
      "simloop/real": "engine/real/index.ts",
      "simloop/trace": "engine/trace/index.ts",
    }[from] ?? ""
  );
}

const layerOf = (path: string): string => /^(?:engine\/)?([\w-]+)/.exec(path)?.[1] as string;
const isBuiltIn = (from: string): boolean => from.startsWith("node:") || builtinModules.includes(from);
const packageOf = (from: string): string => from.split("/", from.startsWith("@") ? 2 : 1).join("/");

function objectionToOutside(importer: string, from: string): string | undefined {
  if (isForTests(importer)) {
    return undefined;
  }
  if (isBuiltIn(from)) {
    return importer.startsWith("engine/") && !touchesHost.test(importer)
      ? "the engine also runs in a browser; only the real clock, the real network, engine/node and engine/loop/host.ts use Node"
      : undefined;
  }
  const allowed = packages[layerOf(importer)] ?? [];
  return allowed.includes(packageOf(from)) ? undefined : `${layerOf(importer)} may use ${allowed.join(", ") || "none"}`;
}

function objectionToFile(importer: string, file: string, sources: Sources): string | undefined {
  const [layer, target] = [layerOf(importer), layerOf(file)];
  if (file.endsWith(".ts") && !sources.has(file)) {
    return "that file does not exist";
  }
  if (isTest(file)) {
    return "a test exports nothing";
  }
  if (isForTests(importer) && (file.startsWith("engine/") ? importer.startsWith("engine/") : !layers[target])) {
    return undefined;
  }
  const allowed = layers[layer] ?? [];
  return target === layer || allowed.includes(target)
    ? undefined
    : `${layer} may import ${allowed.join(", ") || "none"}`;
}

/** What imports upward, sideways or outward. */
function wrongImports(sources: Sources): string[] {
  const found: string[] = [];
  for (const [path, text] of sources) {
    if (!(isForTests(path) || layers[layerOf(path)])) {
      found.push(`${path}: "${layerOf(path)}" is not a layer; add it to engine/architecture.test.ts`);
    }
    for (const { line, from } of importsOf(text)) {
      const file = fileOf(path, from);
      const objection = file ? objectionToFile(path, file, sources) : objectionToOutside(path, from);
      if (objection !== undefined) {
        found.push(`${path}:${line}: imports ${file || from}, but ${objection}`);
      }
    }
  }
  return found;
}

/** The inner layer that a file belongs to: a directory with a slash, a file without its ending. */
function innerLayerOf(outer: string, path: string): string {
  const inside = path.slice(`engine/${outer}/`.length);
  return inside.includes("/") ? `${inside.split("/")[0]}/` : inside.replace(/\.ts$/, "");
}

/** What an inner layer may import; `undefined` for a layer that the plan does not know. */
function allowedInside({ vocabulary, layers: inner }: BigLayer, layer: string): readonly string[] | undefined {
  const word = vocabulary.indexOf(layer);
  return word >= 0 ? vocabulary.slice(0, word) : inner[layer] && [...vocabulary, ...inner[layer]];
}

/**
 * What imports upward or sideways within one of the big layers, and inner layers without a place. The index of each may
 * import all of it.
 */
function wrongInnerImports(sources: Sources): string[] {
  const found: string[] = [];
  for (const [path, text] of sources) {
    const outer = bigLayers[layerOf(path)];
    const layer = outer && innerLayerOf(layerOf(path), path);
    if (outer === undefined || layer === undefined || layer === "index" || isForTests(path)) {
      continue;
    }
    const allowed = allowedInside(outer, layer);
    if (allowed === undefined) {
      found.push(`${path}: "${layer}" has no place in the plan of engine/${layerOf(path)}`);
      continue;
    }
    for (const { line, from } of importsOf(text)) {
      const file = fileOf(path, from);
      const target: string = layerOf(file) === layerOf(path) ? innerLayerOf(layerOf(path), file) : layer;
      if (target !== layer && !allowed.includes(target)) {
        found.push(`${path}:${line}: imports ${file}, but ${layer} may import ${allowed.join(", ") || "none"}`);
      }
    }
  }
  return found;
}

/** Each file's way back to itself, found once a circle; imports of types count. */
function importCycles(sources: Sources): string[] {
  const cycles: string[] = [];
  const finished = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) {
      cycles.push([...trail.slice(start), path].join(" -> "));
    } else if (!finished.has(path)) {
      for (const { from } of importsOf(sources.get(path) ?? "")) {
        visit(fileOf(path, from), [...trail, path]);
      }
      finished.add(path);
    }
  };
  for (const path of sources.keys()) {
    visit(path, []);
  }
  return cycles;
}

function deniedGlobals(): Ban[] {
  const config = JSON.parse(readFileSync(new URL("biome.json", root), "utf8"));
  const denied: Record<string, string> = config.overrides
    .map(
      (part: { linter: typeof config.linter }) => part.linter?.rules.style?.noRestrictedGlobals?.options.deniedGlobals,
    )
    .find((table: unknown) => table !== undefined);
  return Object.entries(denied).map(([name, instead]) => ({
    pattern: new RegExp(String.raw`(?<![\w$.#])${name}(?![\w$]|\??:)`, "g"),
    instead,
  }));
}

/** What in the engine would make a run depend on something other than the program, the seed and the options. */
function impurities(sources: Sources): string[] {
  const all = [...bans, ...deniedGlobals()];
  const found: string[] = [];
  for (const [path, text] of sources) {
    if (path.startsWith("engine/") && !isForTests(path) && !touchesHost.test(path)) {
      const code = codeOf(text);
      for (const { pattern, instead } of all.filter((ban) => !ban.except?.test(path))) {
        for (const match of code.matchAll(pattern)) {
          found.push(`${path}:${lineAt(text, match.index)}: ${match[0]} is not for the engine. ${instead}`);
        }
      }
    }
  }
  return found;
}

/** The names that an index exports, types marked as such; it must hold nothing else. */
function publicNames(index: string): string[] {
  const names: string[] = [];
  const rest = codeOf(index).replace(
    /export\s+(type\s)?\s*\{([^}]*)\}\s*from\s*"\s*"\s*;/g,
    (_, type, list: string) => {
      for (const entry of list.split(",").filter((part) => part.trim() !== "")) {
        const name = entry.trim().split(/\s+/).at(-1)!;
        names.push(type !== undefined || /^\s*type\s/.test(entry) ? `type ${name}` : name);
      }
      return "";
    },
  );
  return rest.trim() === "" ? names.sort(byName) : [`not by name: ${rest.trim().split("\n")[0]}`];
}

/** What each entry for one use is for; the head of its file. */
const entries: Readonly<Record<string, string>> = {
  explore: "Search the orders of events for one that breaks a program.",
  network: "The simulated network, transports and streams.",
  trace: "Record, read, compare, filter and draw traces.",
};

/** The entry of one layer: what `index` exports from it, under the same names. */
function entryOf(outer: string, index: string): string {
  const statements = [...index.matchAll(/export (type )?\{([^}]*)\} from "\.\/(\w+)\/([^"]+)";/g)];
  const lines = statements
    .filter((statement) => statement[3] === outer)
    .map(([, type = "", list = "", , path]) => {
      const names = list.split(",").flatMap((name) => name.trim() || []);
      const line = `export ${type}{ ${names.join(", ")} } from "./${path}";\n`;
      return line.length <= 121
        ? line
        : `export ${type}{\n${names.map((name) => `  ${name},\n`).join("")}} from "./${path}";\n`;
    });
  const head = `/**\n * simloop/${outer}. ${entries[outer]}\n *\n * All of it is in simloop as well. \`npm run api\` writes this file.\n */`;
  return `/// <reference lib="esnext.disposable" preserve="true" />\n\n${head}\n\n${lines.join("")}`;
}

const bareName = (entry: string): string => entry.replace("type ", "");
const byName = (a: string, b: string): number => byText(bareName(a), bareName(b));

test("Architecture: imports run downward only", (t) => {
  t.deepEqual(wrongImports(readSources()), []);
});

/** The files that `start` needs, and those that these need. */
function reach(sources: Sources, start: string, found = new Set<string>()): Set<string> {
  if (!found.has(start)) {
    found.add(start);
    for (const { from } of importsOf(sources.get(start) ?? "")) {
      reach(sources, isBuiltIn(from) ? from : fileOf(start, from), found);
    }
  }
  return found;
}

test("Architecture: nothing that engine/index.ts needs is of Node alone; engine/real/index.ts is", (t) => {
  const builtIns = (index: string): string[] => [...reach(readSources(), index)].filter(isBuiltIn).sort(byText);
  t.deepEqual(builtIns("engine/index.ts"), []);
  t.deepEqual(builtIns("engine/real/index.ts"), ["node:dgram", "node:dns", "node:net"]);
});

test("Architecture: imports run downward within trace, explore and network as well", (t) => {
  t.deepEqual(wrongInnerImports(readSources()), []);
});

test("Architecture: every inner layer that is planned stands, and in an order without circles", (t) => {
  const paths = [...readSources().keys()];
  for (const [name, { vocabulary, layers: inner }] of Object.entries(bigLayers)) {
    const order = [...vocabulary, ...Object.keys(inner)];
    const standing = new Set(
      paths.filter((path) => layerOf(path) === name && !isTest(path)).map((path) => innerLayerOf(name, path)),
    );
    t.deepEqual(
      order.filter((layer) => !standing.has(layer)),
      [],
    );
    for (const [layer, allowed] of Object.entries(inner)) {
      t.deepEqual(
        allowed.filter((other) => order.indexOf(other) < 0 || order.indexOf(other) >= order.indexOf(layer)),
        [],
        `${name}: ${layer}`,
      );
    }
  }
});

test("Architecture: an import upward within one of the big layers, and an inner layer without a place, are caught", (t) => {
  const sources = new Map([
    ["engine/network/links/link.ts", `import { Host } from "../hosts/host.ts";\nimport { a } from "../address.ts";`],
    ["engine/network/address.ts", `import { READ } from "./poller.ts";`],
    ["engine/network/hosts/host.ts", `import type { Link } from "../links/link.ts";`],
    ["engine/network/index.ts", `export { Host } from "./hosts/host.ts";`],
    ["engine/network/attic/box.ts", ""],
  ]);
  t.deepEqual(wrongInnerImports(sources), [
    "engine/network/links/link.ts:1: imports engine/network/hosts/host.ts, but links/ may import " +
      "address, agenda, errors, poller, text, port-uses, ports, socket-address, packets/",
    "engine/network/address.ts:1: imports engine/network/poller.ts, but address may import none",
    'engine/network/attic/box.ts: "attic/" has no place in the plan of engine/network',
  ]);
});

test("Architecture: no file imports itself in a circle", (t) => {
  t.deepEqual(importCycles(readSources()), []);
});

test("Architecture: a run depends on nothing but the program, the seed and the options", (t) => {
  t.deepEqual(impurities(readSources()), []);
});

test("Architecture: the public names are those in public-names.txt, which `npm run api` writes", (t) => {
  const names = publicNames(readSources().get("engine/index.ts") ?? "");
  if (process.argv.includes("--write-public-names")) {
    writeFileSync(namesFile, names.map((name) => `${name}\n`).join(""));
  }
  t.deepEqual(names, existsSync(namesFile) ? readFileSync(namesFile, "utf8").split("\n").filter(Boolean) : []);
});

for (const outer of Object.keys(entries)) {
  test(`Architecture: simloop/${outer} exports what simloop does from that layer; \`npm run api\` writes it`, (t) => {
    const sources = readSources();
    const path = `engine/${outer}/index.ts`;
    const entry = entryOf(outer, sources.get("engine/index.ts") ?? "");
    if (process.argv.includes("--write-public-names")) {
      writeFileSync(new URL(path, root), entry);
    }
    t.is(process.argv.includes("--write-public-names") ? entry : (sources.get(path) ?? ""), entry);
  });
}

test("Architecture: an import upward, sideways, outward, into nothing or of a test is caught", (t) => {
  const sources = new Map([
    [
      "engine/base/errors.ts",
      `import { join } from "node:path";\nimport chalk from "chalk";\nimport "pure-rand/generator/x";`,
    ],
    ["engine/loop/handle.ts", `import type { Task } from "../tasks/task.ts";\nexport { gone } from "./gone.ts";`],
    ["engine/loop/host.ts", `import { cpus } from "node:os"; // import "../tasks/task.ts"`],
    ["engine/tasks/task.ts", `const later = () => import("../index.ts"); const text = 'import "chalk"';`],
    ["engine/tasks/task.test.ts", `import test from "ava";\nimport { later } from "../sync/lock.ts";`],
    ["engine/sync/lock.ts", `import {\n  Task,\n  later,\n} from "../tasks/task.test.ts";`],
    ["engine/attic/box.ts", ""],
    ["engine/index.ts", `export { Task } from "./tasks/task.ts";`],
    ["scenarios/cli/main.ts", `import { Task } from "simloop";\nimport { y } from "../../engine/tasks/task.ts";`],
  ]);
  t.deepEqual(wrongImports(sources), [
    "engine/base/errors.ts:1: imports node:path, but the engine also runs in a browser; " +
      "only the real clock, the real network, engine/node and engine/loop/host.ts use Node",
    "engine/base/errors.ts:2: imports chalk, but base may use pure-rand",
    "engine/loop/handle.ts:1: imports engine/tasks/task.ts, but loop may import base, clock",
    "engine/loop/handle.ts:2: imports engine/loop/gone.ts, but that file does not exist",
    "engine/tasks/task.ts:1: imports engine/index.ts, but tasks may import base, clock, loop",
    "engine/sync/lock.ts:1: imports engine/tasks/task.test.ts, but a test exports nothing",
    'engine/attic/box.ts: "attic" is not a layer; add it to engine/architecture.test.ts',
    "scenarios/cli/main.ts:2: imports engine/tasks/task.ts, but scenarios may import index, real, node, resources, experiment",
  ]);
});

test("Architecture: a circle of imports is caught, of types as well", (t) => {
  const sources = new Map([
    ["engine/loop/a.ts", `import { b } from "./b.ts";`],
    ["engine/loop/b.ts", `import type { C } from "./c.ts";\nimport { d } from "./d.ts";`],
    ["engine/loop/c.ts", `import { b } from "./b.ts";`],
    ["engine/loop/d.ts", ""],
  ]);
  t.deepEqual(importCycles(sources), ["engine/loop/b.ts -> engine/loop/c.ts -> engine/loop/b.ts"]);
});

test("Architecture: the machine's clock, chance, locale and varying digits are caught in code, not in words", (t) => {
  const text = [
    "/** Unlike Date, await and setTimeout(). */",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a program
    'const words = "Date" + `process ${`${Date.now()}`} Math.random`; // Date',
    "const quote = /[/'\"]/; const half = now.performance / 2; const draw = Math.random() / 2;",
    "const key = { process: 1 }; await later; names.sort((a, b) => a.localeCompare(b));",
    "const sure = Math.sqrt(2) + Math.max(1, 2); const unsure = Math.log2(3) + Math.exp(1) + Math.sin(1);",
  ].join("\n");
  const sources = new Map([
    ["engine/tasks/task.ts", text],
    ["engine/tasks/task.test.ts", text],
    ["engine/clock/real-clock.ts", text],
    ["engine/base/float.ts", "Math.log(2);"],
    ["scenarios/cli/main.ts", text],
  ]);
  const places = impurities(sources).map((line) => line.replace(/ is not.*/, ""));
  t.deepEqual(places.sort(byText), [
    "engine/tasks/task.ts:2: Date",
    "engine/tasks/task.ts:3: Math.random",
    "engine/tasks/task.ts:4: .localeCompare",
    "engine/tasks/task.ts:4: await",
    "engine/tasks/task.ts:5: Math.exp",
    "engine/tasks/task.ts:5: Math.log2",
    "engine/tasks/task.ts:5: Math.sin",
  ]);
});

test("Architecture: the index exports by name only", (t) => {
  const index =
    'export { run, type Task, type A as B } from "./a.ts"; // { x }\nexport type { Clock } from "./b.ts";\n';
  t.deepEqual(publicNames(index), ["type B", "type Clock", "type Task", "run"]);
  t.deepEqual(publicNames(`${index}export * from "./c.ts";`), ['not by name: export * from "      ";']);
});
