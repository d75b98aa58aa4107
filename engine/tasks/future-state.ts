/**
 * States of a future. A failure that has not been retrieved is a state of its own: it is reported at the end of the
 * run.
 */
export const PENDING = 0;
export const FINISHED = 1;
export const FAILED = 2;
export const FAILED_UNSEEN = 3;
export const CANCELLED = 4;
