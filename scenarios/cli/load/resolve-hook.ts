import type { MessagePort } from "node:worker_threads";

/** What a module is imported by: the part of Node's loading context that is of interest here. */
interface ResolveContext {
  readonly parentURL?: string | undefined;
}

/** Where a module was found: the part of Node's answer that is of interest here. */
interface Resolved {
  readonly url: string;
  readonly format?: string | null | undefined;
}

/** What the hook has to know. */
export interface HookData {
  /** The address of the module that imports the files that users name. */
  readonly importer: string;
  /** Gets the address of every module of the user's that is found. */
  readonly port: Pick<MessagePort, "postMessage">;
}

let data: HookData = { importer: "", port: { postMessage: () => {} } };

/** Set the hook up; Node calls it for `module.register`. */
export function initialize(given: HookData): void {
  data = given;
}

const isOwnPackage = (specifier: string): boolean => specifier === "simloop" || specifier.startsWith("simloop/");

/** From where `specifier` is looked up: the engine that a program imports must be the one that runs it. */
const seenFrom = <C extends ResolveContext>(specifier: string, context: C): C =>
  isOwnPackage(specifier) ? { ...context, parentURL: data.importer } : context;

/**
 * Whether a file is an ES module whatever the nearest package.json says, which in a young project is often nothing or
 * CommonJS: a scenario file, and TypeScript.
 */
function isModule({ url }: Resolved, { parentURL }: ResolveContext): boolean {
  const { protocol, pathname } = new URL(url);
  const endings = parentURL === data.importer ? /\.[jt]sx?$/ : /\.tsx?$/;
  return protocol === "file:" && endings.test(pathname) && !pathname.includes("/node_modules/");
}

/** The modules that the users' files lead to, other packages and simloop left out. */
const reached = new Set<string>();

function note(specifier: string, { url }: Resolved, { parentURL = "" }: ResolveContext): void {
  const isNamed = parentURL === data.importer && specifier.startsWith("file:");
  if ((isNamed || reached.has(parentURL)) && !isOwnPackage(specifier) && !url.includes("/node_modules/")) {
    reached.add(url);
    data.port.postMessage(url);
  }
}

function found<R extends Resolved>(specifier: string, resolved: R, context: ResolveContext): R {
  note(specifier, resolved, context);
  return isModule(resolved, context) ? { ...resolved, format: "module" } : resolved;
}

/** Node's resolve hook for `module.registerHooks`. */
export const resolveSync = <C extends ResolveContext, R extends Resolved>(
  specifier: string,
  context: C,
  next: (specifier: string, context: C) => R,
): R => found(specifier, next(specifier, seenFrom(specifier, context)), context);

/** Node's resolve hook for `module.register`, which has this file loaded into a thread of its own. */
export const resolve = async <C extends ResolveContext, R extends Resolved>(
  specifier: string,
  context: C,
  next: (specifier: string, context: C) => Promise<R>,
): Promise<R> => found(specifier, await next(specifier, seenFrom(specifier, context)), context);
