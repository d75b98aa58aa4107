import type { Access } from "../base/ordering-policy.ts";
import { peekRunning } from "./running.ts";

/**
 * Tell who chooses the order, if anybody does, that the step that runs reads or changes `object`.
 *
 * Every primitive says so of itself. Without a policy it costs two comparisons.
 */
export const touched = (object: object, access: Access): void => peekRunning()?._ordering?.touched(object, access);
