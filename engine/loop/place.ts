import { safeGet } from "../base/describe.ts";

/** How many tasks of a loop record where they were created: a stack costs some microseconds and half a kilobyte. */
export const RECORDED_PLACES = 1000;

const FRAMES = 10;
const STACK_FRAMES = 100;

/**
 * The directory of simloop's own files, however they are put together, so that a place is one in the user's program.
 */
const ENGINE = directoryOf((import.meta as { readonly url?: string }).url ?? "");

/** A bundle for a browser may stand anywhere, or not know where: then all is simloop's own, and no place is known. */
function directoryOf(url: string): string {
  return url.slice(0, url.lastIndexOf("/engine/") + "/engine/".length);
}

/** Where a host that reads source maps sees them. */
const MAPPED_ENGINE = ENGINE.replace(/\/dist\/engine\/$/, "/engine/");

interface StackCapturer {
  stackTraceLimit: number;
  captureStackTrace?(target: object, above: unknown): void;
}

/** Note the call stack above the function `above`, to be read later; `null` where the host cannot. */
export const capturePlace = (above: unknown): object | null => capture(above, FRAMES);

/** The same with as many frames as an await stack may have. */
export const captureStack = (above: unknown): object | null => capture(above, STACK_FRAMES);

function capture(above: unknown, frames: number): object | null {
  const capturer = Error as unknown as StackCapturer;
  if (capturer.captureStackTrace === undefined) {
    return null;
  }
  const limit = capturer.stackTraceLimit;
  const place = {};
  capturer.stackTraceLimit = frames;
  capturer.captureStackTrace(place, above);
  capturer.stackTraceLimit = limit;
  return place;
}

/**
 * The first line of a captured stack that is not simloop's own, as `file:line:column`; `undefined` if simloop itself
 * made the call, on its own account.
 *
 * Below the loop's turn stands the coroutine whose suspension called it: another one, or none after the loop has let
 * the host in meanwhile.
 */
export function readPlace(place: object | null): string | undefined {
  return userFrames(place, 1)[0]?.location;
}

/** All lines of a captured stack that are not simloop's own, the innermost first: `worker (file:line:column)`. */
export const readFrames = (place: object | null): readonly string[] =>
  userFrames(place, STACK_FRAMES).map(({ name, location }) =>
    name === undefined ? location : `${name} (${location})`,
  );

/**
 * The first line of the stack of `error` that is not simloop's own, as `file:line:column`; `undefined` for what is not
 * an error or has none.
 */
export const placeOfError = (error: unknown): string | undefined => {
  const stack = safeGet(error, "stack");
  return typeof stack === "string"
    ? userFrames({ stack: `\n${stack.slice(Math.max(0, stack.search(FIRST_FRAME)))}` }, 1)[0]?.location
    : undefined;
};

/** Where the frames of a stack begin, behind a message of several lines. */
const FIRST_FRAME = /^ {4}at /m;

interface UserFrame {
  readonly name: string | undefined;
  readonly location: string;
}

const FRAME = /^\s*at (?:async )?(?:(.*) \((.+:\d+:\d+)\)|(.+:\d+:\d+))$/;

function userFrames(place: object | null, most: number): UserFrame[] {
  const frames: UserFrame[] = [];
  const stack = (place as { readonly stack?: string } | null)?.stack ?? "";
  for (const line of stack.split("\n").slice(1)) {
    const [, name, named, bare] = FRAME.exec(line) ?? [];
    const location = named ?? bare;
    if (location === undefined) {
      continue;
    }
    if (!isOwn(location)) {
      frames.push({ name: name?.replace(/ \[as .*\]$/, ""), location });
      if (frames.length === most) {
        break;
      }
    } else if (TURN.test(line)) {
      break;
    }
  }
  return frames;
}

/** The loop's turn, and a handle or a task that has its turn. */
const TURN = /\._(?:drain|run) \(/;

const isOwn = (location: string): boolean =>
  location.startsWith("node:") || (isInEngine(withScheme(location)) && !/\.test\.[jt]s:\d+:\d+$/.test(location));

/**
 * Whether a place, `file:line:column`, is in the user's program: in none of simloop's files, Node's, or a package's.
 */
export const isUsersFrame = (location: string): boolean => !isOwn(location) && !/[\\/]node_modules[\\/]/.test(location);

const isInEngine = (url: string): boolean => url.startsWith(ENGINE) || url.startsWith(MAPPED_ENGINE);

const withScheme = (location: string): string => (location.startsWith("/") ? `file://${location}` : location);
