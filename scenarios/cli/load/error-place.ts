import { relative } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = new URL("../../../", import.meta.url).href;
/** Where simloop's own files are: what was compiled may name its sources, which stood one folder higher. */
const ownFolders = [root, ...(root.endsWith("/dist/") ? [new URL("../", root).href] : [])].flatMap((folder) => [
  `${folder}engine/`,
  `${folder}scenarios/cli/`,
]);

const isOwn = (url: string): boolean => ownFolders.some((folder) => url.startsWith(folder));

const isForeign = (url: string): boolean => url.startsWith("node:") || url.includes("/node_modules/") || isOwn(url);

/** Below the loop's drain stands the coroutine whose suspension called it: any one, not the one to blame. */
const isDrain = (line: string, url: string): boolean => isOwn(url) && line.includes("._drain ");

const asUrl = (file: string): string => (/^[a-z]{2,}:/.test(file) ? file : pathToFileURL(file).href);

const asShown = (url: string): string => {
  if (!url.startsWith("file:")) {
    return url;
  }
  const path = fileURLToPath(url);
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith("..") ? path : fromHere;
};

/**
 * The line of the user's program that an error came from: `file:line:column` of the first call on its stack that is neither
 * simloop's nor Node's nor a package's; `undefined` if there is none.
 */
export function errorPlace(error: unknown): string | undefined {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  for (const line of stack.split("\n")) {
    const call = /^\s+at (?:.*\(|async )?(.+?)(:\d+:\d+)\)?$/.exec(line);
    if (call !== null) {
      const [, file = "", position = ""] = call;
      const url = asUrl(file);
      if (isDrain(line, url)) {
        return undefined;
      }
      if (!isForeign(url)) {
        return `${asShown(url)}${position}`;
      }
    }
  }
  return undefined;
}
