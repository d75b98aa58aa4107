/** The protocol that `factory` makes for `socket`; if it fails, nobody will ever use the socket, which is closed. Python leaves that to its garbage collector. */
export function protocolFor<P>(factory: () => P, socket: { close(): void }): P {
  try {
    return factory();
  } catch (error) {
    socket.close();
    throw error;
  }
}
