import { existsSync } from "node:fs";
import { relative } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { packageRoot } from "../places.ts";

/** Where simloop's own files are: what was compiled may name its sources, which stood one directory higher. */
const ownDirectories = [packageRoot, new URL("dist/", packageRoot)].flatMap(({ href }) => [
  `${href}engine/`,
  `${href}scenarios/cli/`,
]);

const isOwn = (url: string): boolean => ownDirectories.some((directory) => url.startsWith(directory));

const isForeign = (url: string): boolean => url.startsWith("node:") || url.includes("/node_modules/") || isOwn(url);

/** Below the loop's drain stands the coroutine whose suspension called it: any one, not the one to blame. */
const isDrain = (line: string, url: string): boolean => isOwn(url) && line.includes("._drain ");

const asUrl = (file: string): string => (/^[a-z]{2,}:/.test(file) ? file : pathToFileURL(file).href);

/** `path`, relative to the current directory where it is below that. */
export const asShown = (path: string): string => {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith("..") ? path : fromHere;
};

/** A call on the stack of an error: the function, unless it has no name, and `file:line:column`. */
export interface Frame {
  readonly name: string | undefined;
  readonly place: string;
  /** The file; `undefined` if it is none of this machine's. */
  readonly path: string | undefined;
}

/**
 * The calls on the stack of `error` that are neither simloop's nor Node's nor a package's, innermost first. A source
 * map may name sources that are not installed; such calls are left out if there are others.
 */
export function userFrames(error: unknown): Frame[] {
  const frames = allUserFrames(error);
  const found = frames.filter(({ path }) => path === undefined || existsSync(path));
  return found.length > 0 ? found : frames;
}

function allUserFrames(error: unknown): Frame[] {
  const frames: Frame[] = [];
  for (const line of stackOf(error).split("\n")) {
    const call = /^\s+at (?:async )?(?:(.+) \()?(.+?)(:\d+:\d+)\)?$/.exec(line);
    if (call === null) {
      continue;
    }
    const [, name, file = "", position = ""] = call;
    const url = asUrl(file);
    if (isDrain(line, url)) {
      break;
    }
    if (!isForeign(url)) {
      const path = url.startsWith("file:") ? fileURLToPath(url) : undefined;
      const place = `${path === undefined ? url : asShown(path)}${position}`;
      frames.push({ name: name === "<anonymous>" ? undefined : name, place, path });
    }
  }
  return frames;
}

/** The line of the user's program that an error came from: `file:line:column`; `undefined` if it is not known. */
export const errorPlace = (error: unknown): string | undefined => userFrames(error)[0]?.place;

/** The stack of `error`; an empty string if it has none, or none that can be read. */
export function stackOf(error: unknown): string {
  try {
    const stack = (error as { readonly stack?: unknown } | null | undefined)?.stack;
    return typeof stack === "string" ? stack : "";
  } catch {
    return "";
  }
}
