/** How many tasks of a loop record where they were created: a stack costs some microseconds and half a kilobyte. */
export const RECORDED_PLACES = 1000;

const FRAMES = 10;

/** The folder of simloop's own files, however they are put together, so that a place is one in the user's program. */
const ENGINE = folderOf((import.meta as { readonly url?: string }).url ?? "");

/** A bundle for a browser may stand anywhere, or not know where: then all is simloop's own, and no place is told. */
function folderOf(url: string): string {
  return url.slice(0, url.lastIndexOf("/engine/") + "/engine/".length);
}

/** Where a host that reads source maps sees them. */
const MAPPED_ENGINE = ENGINE.replace(/\/dist\/engine\/$/, "/engine/");

interface StackCapturer {
  stackTraceLimit: number;
  captureStackTrace?(target: object, above: unknown): void;
}

/** Note the call stack above the function `above`, to be read later; `null` where the host cannot. */
export function capturePlace(above: unknown): object | null {
  const capturer = Error as unknown as StackCapturer;
  if (capturer.captureStackTrace === undefined) {
    return null;
  }
  const limit = capturer.stackTraceLimit;
  const place = {};
  capturer.stackTraceLimit = FRAMES;
  capturer.captureStackTrace(place, above);
  capturer.stackTraceLimit = limit;
  return place;
}

/**
 * The first line of a captured stack that is not simloop's own, as `file:line:column`; `undefined` if simloop itself made the call, on behalf of nobody.
 *
 * Below the loop's turn stands whoever's suspension called it: somebody else, and nobody after the loop has let the host in meanwhile.
 */
export function readPlace(place: object | null): string | undefined {
  const stack = (place as { stack?: string } | null)?.stack;
  if (stack === undefined) {
    return undefined;
  }
  for (const line of stack.split("\n").slice(1)) {
    const location = /\(?([^\s()]+:\d+:\d+)\)?$/.exec(line)?.[1];
    if (location === undefined) {
      continue;
    }
    if (!isOwn(location)) {
      return location;
    }
    if (TURN.test(line)) {
      return undefined;
    }
  }
  return undefined;
}

/** The loop's turn, and a handle or a task that has its turn. */
const TURN = /\._(?:drain|run) \(/;

const isOwn = (location: string): boolean =>
  location.startsWith("node:") || (isInEngine(withScheme(location)) && !/\.test\.[jt]s:\d+:\d+$/.test(location));

/** Whether a place, `file:line:column`, is in the user's program: in none of simloop's files, Node's, or a package's. */
export const isUsersFrame = (location: string): boolean => !isOwn(location) && !/[\\/]node_modules[\\/]/.test(location);

const isInEngine = (url: string): boolean => url.startsWith(ENGINE) || url.startsWith(MAPPED_ENGINE);

const withScheme = (location: string): string => (location.startsWith("/") ? `file://${location}` : location);
