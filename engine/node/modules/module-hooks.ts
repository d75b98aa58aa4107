import * as nodeModule from "node:module";

/** What marks the address of a module that belongs to a run: its number. */
const RUN = "simloop-run";

/** The key of the global function that a module of a run calls first; it answers when the simulation begins. */
const GATE = Symbol.for("simloop.gate");

const holder = globalThis as unknown as Record<symbol, unknown>;

/**
 * The hooks, as the text of a module: Node 20 runs them in a thread of its own.
 *
 * Modules of a run, and those beside them that they import, get its number, so that each run has new ones; and their
 * first line waits for the simulation to begin, so that all their code runs within it. Packages are shared by all runs.
 */
const HOOKS = `
const runOf = (url) => /[?&]${RUN}=(\\d+)/.exec(url ?? "")?.[1];
const isOwn = (specifier, url) => /^(?:\\.|\\/|file:)/.test(specifier) && url.startsWith("file:") && !url.includes("/node_modules/");
const marked = (url, run) => runOf(url) === undefined ? url + (url.includes("?") ? "&" : "?") + "${RUN}=" + run : url;
const resolved = (specifier, found, context) => {
  const run = runOf(context.parentURL);
  return run !== undefined && isOwn(specifier, found.url) ? { ...found, url: marked(found.url, run) } : found;
};
const loaded = (url, found) => {
  const run = runOf(url);
  if (run === undefined || found.format !== "module" || found.source === null || found.source === undefined) return found;
  const text = typeof found.source === "string" ? found.source : Buffer.from(found.source).toString();
  const gate = 'await globalThis[Symbol.for("simloop.gate")](' + run + ');';
  return { ...found, source: text.startsWith("#!") ? "//" + text.replace("\\n", "\\n" + gate) : gate + text };
};
export const resolve = async (specifier, context, next) => resolved(specifier, await next(specifier, context), context);
export const load = async (url, context, next) => loaded(url, await next(url, context));
export const resolveSync = (specifier, context, next) => resolved(specifier, next(specifier, context), context);
export const loadSync = (url, context, next) => loaded(url, next(url, context));
`;

const address = `data:text/javascript,${encodeURIComponent(HOOKS)}`;

/** `module.registerHooks`, which Node 20 lacks, and which Node 26 wants instead of `module.register`. */
const { registerHooks } = nodeModule as { registerHooks?: (hooks: { resolve: unknown; load: unknown }) => unknown };

/** The modules of one run, which wait at their first line until {@link open} is called. */
class Gate {
  open!: () => void;
  arrive!: () => void;
  readonly opened = new Promise<void>((resolve) => {
    this.open = resolve;
  });
  /** The first module has come to its first line: all are loaded. */
  readonly reached = new Promise<void>((resolve) => {
    this.arrive = resolve;
  });
}

const gates = new Map<number, Gate>();
let runs = 0;
let areSet = false;

async function setHooks(): Promise<void> {
  if (areSet) {
    return;
  }
  areSet = true;
  holder[GATE] = (run: number): Promise<void> | undefined => {
    const gate = gates.get(run);
    gate?.arrive();
    return gate?.opened;
  };
  if (registerHooks === undefined) {
    nodeModule.register(address);
  } else {
    const { resolveSync, loadSync } = await import(address);
    registerHooks({ resolve: resolveSync, load: loadSync });
  }
}

/** The module at an address, loaded, with all that it imports, and ready to begin. */
export interface LoadedModule {
  /** Let its code run. @returns What its import comes to. */
  begin(): Promise<unknown>;
}

/** Load the module at `url`, with new modules beside it, and stop before the first line of any. */
export async function loadModule(url: URL): Promise<LoadedModule> {
  await setHooks();
  const run = ++runs;
  const gate = new Gate();
  gates.set(run, gate);
  const marked = new URL(url);
  marked.searchParams.set(RUN, String(run));
  const imported: Promise<unknown> = import(marked.href);
  // What fails to load fails in the simulation.
  await Promise.race([gate.reached, imported.catch(() => {})]);
  return {
    begin: () => {
      gate.open();
      gates.delete(run);
      return imported;
    },
  };
}
