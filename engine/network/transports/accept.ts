import { CancelledError } from "../../base/errors.ts";
import { GeneratorOperation } from "../../tasks/generator-operation.ts";
import type { Steps } from "../../tasks/operation.ts";
import type { TaskEventLoop } from "../../tasks/task-event-loop.ts";
import type { Internet, StreamSocket } from "../sockets/contract.ts";
import type { StreamProtocol } from "./contract.ts";
import { requireProtocol } from "./protocol-for.ts";
import type { Server } from "./server.ts";
import { socketHandle } from "./socket-handle.ts";
import { SocketTransport } from "./socket-transport.ts";

/** Accept the connections that come to `listener`, each in a task of its own. @see asyncio `_accept_connection` */
export function acceptConnections(
  loop: TaskEventLoop,
  network: Internet,
  listener: StreamSocket,
  factory: () => StreamProtocol,
  server: Server,
  backlog: number,
): void {
  const accept = (): void => {
    // As on Linux, one more than the backlog can wait: without it, a backlog of 0 would accept no connection.
    for (let i = 0; i <= backlog; i++) {
      const socket = listener.accept();
      if (socket === null) {
        return;
      }
      const task = loop.createTask(
        new GeneratorOperation("accept", acceptSteps(loop, network, socket, factory, server)),
      );
      task._leaveToOwner();
    }
  };
  network.poller.addReader(listener, socketHandle(loop, accept));
}

function* acceptSteps(
  loop: TaskEventLoop,
  network: Internet,
  socket: StreamSocket,
  factory: () => StreamProtocol,
  server: Server,
): Steps<undefined> {
  let transport: SocketTransport | null = null;
  try {
    const ready = loop._futureFor<undefined>("accept");
    transport = new SocketTransport(
      loop,
      network.poller,
      socket,
      requireProtocol("createServer", factory()),
      server,
      () => {
        if (!ready.done()) {
          ready.setResult(undefined);
        }
      },
    );
    yield* ready;
  } catch (exception) {
    if (transport === null) {
      socket.close();
    } else {
      transport.close();
    }
    if (!(exception instanceof CancelledError)) {
      loop.callExceptionHandler({ message: "Error on transport creation for incoming connection", exception });
    }
  }
  return undefined;
}
