import { Handle } from "../../loop/handle.ts";
import { Context } from "../../tasks/context.ts";
import type { TaskEventLoop } from "../../tasks/task-event-loop.ts";

/** A handle that the poller may run again and again, always in the same context. @see asyncio `_add_reader` */
export const socketHandle = (loop: TaskEventLoop, callback: () => void): Handle =>
  new Handle(loop, callback, [], loop._copyContext() ?? new Context());
