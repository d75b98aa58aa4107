/**
 * @param what - Whose options they are, for the message.
 * @throws TypeError unless `options` is an object that has no others than those `known`: a misspelt one would do
 * nothing, without a word.
 */
export function requireOptions<T extends object>(
  what: string,
  options: T,
  known: Readonly<Record<keyof T, true>>,
): void {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`${what}: expected an object with options, got ${described(options)}`);
  }
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(known, name));
  if (unknown !== undefined) {
    throw new TypeError(`${what}: unknown option '${unknown}' (known: ${Object.keys(known).join(", ")})`);
  }
}

/** A value for a message; never throws. */
export function described(value: unknown): string {
  try {
    return typeof value === "string" ? JSON.stringify(value) : String(value);
  } catch {
    return "a value that cannot be converted to a string";
  }
}
