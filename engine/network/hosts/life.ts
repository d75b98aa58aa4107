import { ContextVar } from "../../tasks/context.ts";
import type { TaskEventLoop } from "../../tasks/task-event-loop.ts";
import type { Agenda } from "../agenda.ts";

/** What a host is doing. */
export type HostState = "running" | "paused" | "down";

/**
 * What runs on a host between two crashes. Tasks and callbacks inherit it from those who made them; when it is over,
 * nothing of it runs any more.
 */
export class Life {
  readonly host: { readonly name: string };
  state: HostState = "running";

  constructor(host: { readonly name: string }) {
    this.host = host;
  }

  /** End its tasks; the one that runs now, if this is its own doing, when it next waits. */
  endTasks(loop: TaskEventLoop, agenda: Agenda, now: number): void {
    const reason = `host ${this.host.name} crashed`;
    for (const task of loop.allTasks()) {
      if (task.getContext()?.get(currentLife) !== this) {
        continue;
      }
      if (task === loop._currentTask) {
        agenda.add(now, { _isDueAt: () => !task.done(), _happen: () => task._kill(reason) });
      } else {
        task._kill(reason);
      }
    }
  }
}

/** The life that code belongs to, where it was run on a host. */
export const currentLife = new ContextVar<Life>("host");
