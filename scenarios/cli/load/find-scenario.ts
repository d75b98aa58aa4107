import { stat } from "node:fs/promises";
import { basename, extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Experiment, experimentScenario } from "../../../engine/experiment/index.ts";
import { defineScenario, type Scenario } from "../../../engine/index.ts";
import { builtInNames, builtInScenario } from "../../index.ts";
import { UsageError } from "../failures.ts";
import { nearest } from "../nearest.ts";
import { nodeProgramPath } from "../node-option.ts";
import { isTraceFile } from "../read-trace.ts";
import { shellWord } from "../shell-word.ts";
import { errorPlace } from "./error-place.ts";
import { errorLine } from "./error-text.ts";
import { loadedFiles, prepareLoading } from "./prepare-loading.ts";

/** Whether `text` means a file rather than a built-in name. */
export const isPath = (text: string): boolean => /[/\\]/.test(text) || isSource(text);

/** Whether `value` came from `defineExperiment`. */
export const isExperiment = (value: unknown): value is Experiment =>
  typeof value === "object" && value !== null && "model" in value && "settings" in value && "until" in value;

const isSource = (path: string): boolean => /\.[mc]?[jt]sx?$/.test(path);

/**
 * The scenario that `text` means: a built-in one by its name, or one that the file of that path exports.
 *
 * @throws UsageError if there is none of that name, or the file does not exist, cannot be loaded or exports no
 * scenario.
 */
export async function findScenario(text: string): Promise<Scenario> {
  const program = nodeProgramPath(text);
  if (program !== undefined) {
    return await nodeScenario(program);
  }
  if (isPath(text)) {
    return await loadScenario(text);
  }
  const scenario = await builtInScenario(text);
  if (scenario === undefined) {
    throw new UsageError((await isFile(text)) ? otherFile(text) : unknownScenario(text));
  }
  return scenario;
}

/** The scenario that an ordinary Node program is. */
async function nodeScenario(path: string): Promise<Scenario> {
  await requireFile(path);
  const url = pathToFileURL(resolve(path));
  await prepareLoading(url, import.meta.url);
  // Loaded only here: it replaces Node's timers and sockets by those that can be simulated.
  const { moduleProgram } = await import("../../../engine/node/index.ts");
  const words = basename(path, extname(path))
    .toLowerCase()
    .match(/[a-z0-9]+/g) ?? ["program"];
  return defineScenario({ name: words.join("-"), about: `the Node program ${path}`, main: moduleProgram(url) });
}

const isFile = async (path: string): Promise<boolean> => (await stat(path).catch(() => null))?.isFile() ?? false;

const otherFile = (path: string): string =>
  isTraceFile(path)
    ? `${path} is a recorded trace, which simloop trace ${shellWord(path)} shows; expected a scenario`
    : `${path} is not a scenario file; expected a name that ends with .ts, .mts, .js or .mjs (or with .jsonl for a recorded trace)`;

function unknownScenario(text: string): string {
  const near = nearest(text, builtInNames());
  const hint =
    near.length === 0
      ? ` (known: ${builtInNames().join(", ")}).`
      : `; did you mean ${near.map((name) => `'${name}'`).join(" or ")}?`;
  return `unknown scenario '${text}'${hint} For a file, give its path, such as ./${text === "" ? "my" : text}.ts`;
}

async function loadScenario(path: string): Promise<Scenario> {
  return requireScenario(path, await loadModule(path));
}

/**
 * What the file of `path` exports.
 *
 * @throws UsageError if it does not exist, is not a source file, or cannot be loaded.
 */
export async function loadModule(path: string): Promise<Record<string, unknown>> {
  await requireFile(path);
  const url = pathToFileURL(resolve(path));
  await prepareLoading(url, import.meta.url);
  const before = new Set(loadedFiles());
  try {
    return await import(url.href);
  } catch (error) {
    const place = await loadingPlace(error, [resolve(path), ...loadedFiles().filter((file) => !before.has(file))]);
    throw new UsageError(`cannot load ${path}: ${errorLine(error)}${place === undefined ? "" : ` (at ${place})`}`, {
      cause: error,
    });
  }
}

/** Where importing `files` failed, if that is known. */
async function loadingPlace(error: unknown, files: readonly string[]): Promise<string | undefined> {
  if (!(error instanceof Error) || error.name !== "SyntaxError") {
    return errorPlace(error);
  }
  const { syntaxErrorPlace } = await import("./syntax-error-place.ts");
  return (await syntaxErrorPlace(error, [...new Set(files)])) ?? errorPlace(error);
}

async function requireFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found === null) {
    throw new UsageError(`no such scenario file: ${path} (${resolve(path)})`);
  }
  if (found.isDirectory()) {
    throw new UsageError(`${path} is a directory; expected a scenario file, such as ${resolve(path, "my.ts")}`);
  }
  if (!isSource(path)) {
    throw new UsageError(otherFile(path));
  }
}

const EXPECTED = "expected `export default defineScenario({ name, about, main })`";

function requireScenario(path: string, exported: Readonly<Record<string, unknown>>): Scenario {
  const candidate = exported["default"];
  if (isExperiment(candidate)) {
    return experimentScenario(candidate);
  }
  if (candidate === undefined) {
    const names = Object.keys(exported);
    const what = names.length === 0 ? "it exports nothing" : `it exports ${names.join(", ")} and no default`;
    throw new UsageError(`${path} exports no scenario: ${EXPECTED}, but ${what}`);
  }
  if (typeof candidate !== "object" || candidate === null) {
    throw new UsageError(`${path} exports no scenario: ${EXPECTED}, but its default export is a ${typeof candidate}`);
  }
  try {
    return defineScenario(candidate as Scenario);
  } catch (error) {
    throw new UsageError(`${path} exports no scenario: ${errorLine(error)}`, { cause: error });
  }
}
