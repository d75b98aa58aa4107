import { currentWorld, here } from "../loop/current.ts";
import { type NativeRequest, type NativeTcp, nativePipe } from "./native-tcp.ts";
import { SimulatedPipe } from "./simulated-pipe.ts";
import { GONE, patchClosing, patchMethod, patchStreamMethods, type StateOf } from "./stream-methods.ts";

/** Other pipes, such as the standard streams of a process, are of the real world. */
const knownState: StateOf<SimulatedPipe> = (handle) => (SimulatedPipe.of(handle) as SimulatedPipe | undefined) ?? null;

/** A pipe that a simulation gives a path becomes a simulated one. */
const namedState: StateOf<SimulatedPipe> = (handle) => {
  const known = knownState(handle);
  if (known !== null || currentWorld() === null || handle.fd >= 0) {
    return known;
  }
  const process = here();
  return process === null ? GONE : SimulatedPipe.adopt(process, handle);
};

/** Unix-domain sockets: what `node:net` does with a path in the place of a port. */
export function patchPipe(): void {
  const { prototype } = nativePipe().Pipe as unknown as { prototype: NativeTcp };
  patchClosing(prototype, knownState);
  patchStreamMethods(prototype, knownState);
  patchMethod(prototype, knownState, "fchmod", () => 0);
  patchMethod(prototype, namedState, "bind", (state, [path]: [string]) => state.bindPath(path));
  patchMethod(prototype, namedState, "connect", (state, [request, path]: [NativeRequest, string]) =>
    state.connectPath(request, path),
  );
}
