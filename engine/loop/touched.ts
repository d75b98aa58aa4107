import type { Access } from "../base/ordering-policy.ts";
import { peekRunning } from "./running.ts";

/**
 * Note for the ordering policy, if there is one, that the step that runs has made `object`, so that it has the same
 * name in every order.
 */
export const made = (object: object): void => peekRunning()?._ordering?.made(object);

/**
 * Note for the ordering policy, if there is one, that the step that runs reads or changes `object`.
 *
 * Every primitive says so of itself. Without a policy it costs two comparisons.
 */
export const touched = (object: object, access: Access): void => peekRunning()?._ordering?.touched(object, access);
