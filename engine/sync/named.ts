import { requireArgument } from "../base/require-argument.ts";
import { NO_OPTIONS, optionNames, requireOptions } from "../base/require-options.ts";

/** Options of locks, events, queues and the like. */
export interface PrimitiveOptions {
  /** A name for messages, such as those of a deadlock: `<Lock 'accounts' [locked]>`. */
  readonly name?: string;
}

const PRIMITIVE_OPTIONS = optionNames<PrimitiveOptions>({ name: true });

/**
 * What `options` name a primitive, as its string form shows it behind the class; empty without a name.
 *
 * @throws TypeError if the name is not a string, and for unknown options.
 */
export function nameShown(what: string, options: PrimitiveOptions = NO_OPTIONS): string {
  requireOptions(what, options, PRIMITIVE_OPTIONS);
  const { name } = options;
  requireArgument(what, "a string as name", name === undefined || typeof name === "string", name);
  return name === undefined ? "" : ` '${name}'`;
}
