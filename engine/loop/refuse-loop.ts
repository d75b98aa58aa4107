import { describeValue } from "../base/describe.ts";

/**
 * @throws TypeError, always: `loop` is not an event loop. For constructors, which look for one of its methods first.
 */
export function refuseLoop(what: string, loop: unknown): never {
  throw new TypeError(`${what}: expected an event loop, got ${describeValue(loop)}`);
}
