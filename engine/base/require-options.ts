import { describeValue } from "./describe.ts";
import { unknownName } from "./unknown-name.ts";

/** The options of a call without any. Always the same object, so that a comparison recognizes it. */
export const NO_OPTIONS = Object.freeze({});

/** The names of the options `T`. The compiler refuses a missing or an invented one. */
export const optionNames = <T extends object>(names: Readonly<Record<keyof T, true>>): readonly string[] =>
  Object.keys(names);

/** Those of `options` that are called `names` and are present. */
export function pick<T extends object, K extends keyof T>(options: T, names: readonly K[]): Pick<T, K> {
  return Object.fromEntries(names.filter((name) => name in options).map((name) => [name, options[name]])) as Pick<T, K>;
}

/**
 * Refuse misspelt options, which would otherwise have no effect.
 *
 * @param what - The function that takes the options, for the message.
 * @throws TypeError unless `options` is an object whose names are all among `known`.
 */
export function requireOptions(what: string, options: unknown, known: readonly string[]): asserts options is object {
  if (options === NO_OPTIONS) {
    return;
  }
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`${what}: expected an object with options, got ${describeValue(options)}`);
  }
  const unknown = namesOf(what, options).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new TypeError(`${what}: ${unknownName("option", unknown, known)}`);
  }
}

/** @throws TypeError for a proxy that has been revoked. */
function namesOf(what: string, options: object): string[] {
  try {
    return Object.keys(options);
  } catch (error) {
    throw new TypeError(`${what}: expected an object with options, got ${describeValue(options)}`, { cause: error });
  }
}
