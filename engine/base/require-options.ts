import { describeValue } from "./describe.ts";

/** The bag of options of whoever gave none: empty, and always the same object, so that it is known without a look inside. */
export const NO_OPTIONS = Object.freeze({});

/** The names of the options `T`, of which the compiler lets none be forgotten or invented. */
export const optionNames = <T extends object>(names: Readonly<Record<keyof T, true>>): readonly string[] =>
  Object.keys(names);

/** Of `options`, those called `names`, as far as there are any. */
export function pick<T extends object, K extends keyof T>(options: T, names: readonly K[]): Pick<T, K> {
  return Object.fromEntries(names.filter((name) => name in options).map((name) => [name, options[name]])) as Pick<T, K>;
}

/**
 * @param what - Whose options they are, for the message.
 * @throws TypeError unless `options` is an object that has no others than those `known`: a misspelt one would do nothing, without a word.
 */
export function requireOptions(what: string, options: unknown, known: readonly string[]): asserts options is object {
  if (options === NO_OPTIONS) {
    return;
  }
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`${what}: expected an object with options, got ${describeValue(options)}`);
  }
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new TypeError(`${what}: there is no option ${unknown}; there are ${known.join(", ")}`);
  }
}
