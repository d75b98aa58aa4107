/** Something in the ready queue: a handle, a timer whose time has come, or a task whose turn has come. */
export interface Runnable {
  /** @internal */
  _run(): void;
}
