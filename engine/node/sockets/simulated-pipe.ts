import type { SimulatedProcess } from "../loop/simulated-process.ts";
import { type NativeRequest, type NativeTcp, nativePipe } from "./native-tcp.ts";
import { SimulatedTcp } from "./simulated-tcp.ts";
import { uvError } from "./uv-errors.ts";

/** The port behind each path at which a process has bound a socket. */
const portsOf = new WeakMap<SimulatedProcess, Map<string, number>>();

/**
 * What stands behind a native handle for a Unix-domain socket in a simulation: a TCP connection over the loopback of
 * its host.
 *
 * Paths are known in their process only, and are gone when it ends; they do not stand in the file system.
 *
 * @see libuv `src/unix/pipe.c`
 */
export class SimulatedPipe extends SimulatedTcp {
  private _path: string | null = null;

  /** Give `handle` a simulated side, in `process`. */
  static override adopt(process: SimulatedProcess, handle: NativeTcp): SimulatedPipe {
    return new SimulatedPipe(process, handle)._register();
  }

  /** Take `path`, to listen at. */
  bindPath(path: string): number {
    const paths = portsOf.get(this._process) ?? new Map<string, number>();
    portsOf.set(this._process, paths);
    if (paths.has(path)) {
      return uvError("EADDRINUSE");
    }
    const status = this.bind("127.0.0.1", 0, 4);
    if (status === 0) {
      const bound = { port: 0 };
      this.localAddress(bound);
      paths.set(path, bound.port);
      this._path = path;
    }
    return status;
  }

  /** Connect to what listens at `path`; that nothing is there is reported later, as libuv does. */
  connectPath(request: NativeRequest, path: string): number {
    const port = portsOf.get(this._process)?.get(path);
    if (port !== undefined) {
      return this.connect(request, "127.0.0.1", port);
    }
    this._process.complete(() => request.oncomplete?.(uvError("ENOENT"), this._handle, request, true, true));
    return 0;
  }

  override close(callback: (() => void) | undefined, isReset = false): void {
    if (this._path !== null) {
      portsOf.get(this._process)?.delete(this._path);
      this._path = null;
    }
    super.close(callback, isReset);
  }

  protected override _createAccepted(): { readonly handle: NativeTcp; readonly accepted: SimulatedTcp } {
    const { Pipe, constants } = nativePipe();
    const handle = new Pipe(constants.SOCKET);
    return { handle, accepted: SimulatedPipe.adopt(this._process, handle) };
  }
}
