/**
 * What a program states of itself: checks to make after each step, and promises to have been kept when its world ends.
 */
export class Checks {
  /** Throw if something is wrong after a step. */
  readonly afterStep: (() => void)[] = [];
  /** Throw if something that had to come has not come by the end. */
  readonly atEnd: (() => void)[] = [];

  get isEmpty(): boolean {
    return this.afterStep.length === 0 && this.atEnd.length === 0;
  }

  clear(): void {
    this.afterStep.length = 0;
    this.atEnd.length = 0;
  }

  /** A step is over. */
  verify(): void {
    for (const check of this.afterStep) {
      check();
    }
  }

  /** The world has ended: nothing can come true any more. */
  finish(): void {
    this.verify();
    for (const check of this.atEnd) {
      check();
    }
  }
}
