import { nativeModule } from "../loop/internals.ts";

/** A request that a native handle works at; it is called when that is done. */
export interface NativeRequest {
  /** Node takes it away from a request whose outcome does not matter any more. */
  oncomplete?(status: number, ...details: unknown[]): void;
  readonly handle?: unknown;
}

/** What `node:net` calls of a native TCP handle, and what it sets there. */
export interface NativeTcp {
  onread(buffer: ArrayBuffer | undefined): void;
  onconnection(status: number, client?: NativeTcp): void;
  close(callback?: () => void): void;
  readonly fd: number;
}

interface TcpModule {
  readonly TCP: new (type: number) => NativeTcp;
  readonly constants: { readonly SOCKET: number; readonly SERVER: number };
}

/** The class of native TCP handles, and what to make them with. */
export const nativeTcp = (): TcpModule => nativeModule("tcp_wrap") as unknown as TcpModule;

interface PipeModule {
  readonly Pipe: new (type: number) => NativeTcp;
  readonly constants: { readonly SOCKET: number; readonly SERVER: number };
}

/** The class of native handles for pipes and Unix-domain sockets, and what to make them with. */
export const nativePipe = (): PipeModule => nativeModule("pipe_wrap") as unknown as PipeModule;
