/** How often a task was asked to cancel itself, and whether the task has yet to notice. Made at the first request. */
export interface CancelState {
  count: number;
  pending: boolean;
  reason: string | undefined;
  /** A request is on its way to what the task waits for: one that comes back here went round in a circle of tasks. */
  passingOn: boolean;
  /** Places in the ready queue that no longer count, because the task took its step earlier. */
  stale: number;
}

/** Made when a task is first asked for something out of the ordinary. */
export const cancelState = (): CancelState => ({
  count: 0,
  pending: false,
  reason: undefined,
  passingOn: false,
  stale: 0,
});
