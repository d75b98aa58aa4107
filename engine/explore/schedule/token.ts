import { describeValue } from "../../base/describe.ts";
import { SafeError } from "../../base/safe-error.ts";
import { ENGINE_VERSION } from "../../trace/version.ts";
import { type Choice, type Hold, type Schedule, scheduleText } from "./schedule.ts";

/** A token is malformed, or was made by another engine, for another program or with other options. */
export class TokenError extends SafeError {
  override name = "TokenError";
}

/** What a token says. */
export interface ReplayToken {
  readonly schedule: Schedule;
  /** Version of the engine that made it, and the fingerprint of the options; absent in tokens written by hand. */
  readonly version?: string;
  readonly fingerprint?: string;
}

const FORMAT = "s1:";
const EXPECTED = 'expected something like "s1:A#3>B#7,d:F>L@2=3;0.1.0-1a2b3c4d"';

/** `schedule` as a token of this version of the engine. */
export const formatToken = (schedule: Schedule, fingerprint: string): string =>
  `${FORMAT}${scheduleText(schedule)};${ENGINE_VERSION}-${fingerprint}`;

/**
 * Read a token. The part from `;` on may be missing; white space around it does not matter.
 *
 * @throws TokenError if it is malformed.
 */
export function parseToken(text: string): ReplayToken {
  const token = typeof text === "string" ? text.trim() : "";
  if (!token.startsWith(FORMAT)) {
    throw new TokenError(`not a replay token: ${EXPECTED}, got ${describeValue(text)}`);
  }
  const [body = "", stamp, ...more] = token.slice(FORMAT.length).split(";");
  if (more.length > 0) {
    throw new TokenError(`malformed replay token: more than one ";" in ${JSON.stringify(text)}; ${EXPECTED}`);
  }
  const schedule = parseSchedule(body, text);
  if (stamp === undefined) {
    return { schedule };
  }
  const parts = /^(\d+\.\d+\.\d+[^-]*)-([0-9a-f]{8})$/.exec(stamp);
  if (parts === null) {
    throw new TokenError(
      `malformed replay token: ${JSON.stringify(stamp)} is not a version and fingerprint; ${EXPECTED}`,
    );
  }
  return { schedule, version: parts[1]!, fingerprint: parts[2]! };
}

/**
 * @throws TokenError unless the token was made by this version of the engine and with the options of this exploration.
 */
export function requireFresh({ version, fingerprint }: ReplayToken, expected: string): void {
  if (version !== undefined && version !== ENGINE_VERSION) {
    throw new TokenError(
      `stale replay token: it was made by simloop ${version}, this is ${ENGINE_VERSION}; explore again`,
    );
  }
  if (fingerprint !== undefined && fingerprint !== expected) {
    throw new TokenError(
      `stale replay token: it was made with other options (fingerprint ${fingerprint}, now ${expected}); ` +
        "replay with the seed, vary and simulation options of that exploration, or explore again",
    );
  }
}

function parseSchedule(body: string, token: string): Schedule {
  const holds: Hold[] = [];
  const choices: Choice[] = [];
  for (const part of body === "" ? [] : body.split(",")) {
    const choice = /^([^=]+)=(\d{1,6})$/.exec(part);
    const hold = /^([^>=]+)>([^>=]+)$/.exec(part);
    if (choice !== null) {
      choices.push({ name: choice[1]!, option: Number(choice[2]) });
    } else if (hold !== null && hold[1] === hold[2]) {
      throw new TokenError(`malformed replay token: in ${JSON.stringify(part)} a step waits for itself; ${EXPECTED}`);
    } else if (hold !== null) {
      holds.push({ step: hold[1]!, until: hold[2]! });
    } else {
      throw new TokenError(
        `malformed replay token: ${JSON.stringify(part)} in ${JSON.stringify(token)} is neither a hold such as A#3>B#7 nor a choice such as d:F>L@2=3`,
      );
    }
  }
  return { holds, choices };
}
