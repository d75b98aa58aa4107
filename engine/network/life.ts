import { ContextVar } from "../tasks/context.ts";

/** What a host is doing. */
export type HostState = "running" | "paused" | "down";

/**
 * What runs on a host between two crashes. Tasks and callbacks inherit it from those who made them; when it is over, nothing of it runs
 * any more.
 */
export class Life {
  readonly host: { readonly name: string };
  state: HostState = "running";

  constructor(host: { readonly name: string }) {
    this.host = host;
  }
}

/** The life that code belongs to, where it was run on a host. */
export const currentLife = new ContextVar<Life>("host");
