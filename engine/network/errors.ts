import { requireArgument } from "../base/require-argument.ts";
import { SafeError } from "../base/safe-error.ts";
/** Why a network operation failed, in the words of POSIX and Node. */
export type NetworkErrorCode = keyof typeof REASONS;

/** What each code says, and its number on Linux. */
const REASONS = {
  EAI_AGAIN: ["temporary failure in name resolution", -3],
  ENOTFOUND: ["name or service not known", -2],
  EACCES: ["permission denied", 13],
  EINVAL: ["invalid argument", 22],
  EPIPE: ["broken pipe", 32],
  EMSGSIZE: ["message too long", 90],
  EADDRINUSE: ["address already in use", 98],
  EADDRNOTAVAIL: ["cannot assign requested address", 99],
  ENETUNREACH: ["network is unreachable", 101],
  ECONNABORTED: ["software caused connection abort", 103],
  ECONNRESET: ["connection reset by peer", 104],
  ENOBUFS: ["no buffer space available", 105],
  EISCONN: ["transport endpoint is already connected", 106],
  ENOTCONN: ["transport endpoint is not connected", 107],
  ETIMEDOUT: ["connection timed out", 110],
  ECONNREFUSED: ["connection refused", 111],
  EHOSTUNREACH: ["no route to host", 113],
} as const satisfies Record<string, readonly [string, number]>;

/** @internal Whether `code` is one that a {@link NetworkError} can have. */
export const isNetworkErrorCode = (code: unknown): code is NetworkErrorCode =>
  typeof code === "string" && Object.hasOwn(REASONS, code);

/**
 * The network refused or broke something.
 *
 * The message begins as Node's: `connect ECONNREFUSED 127.0.0.1:8888`.
 *
 * @see Python's OSError and its subclasses (ConnectionRefusedError, ConnectionResetError, BrokenPipeError,
 * TimeoutError, socket.gaierror). Differs: one class, distinguished by `code`.
 */
export class NetworkError extends SafeError {
  override name = "NetworkError";
  /** `"ECONNREFUSED"`, `"ECONNRESET"`, `"EADDRINUSE"`, `"ETIMEDOUT"` … */
  readonly code: NetworkErrorCode;
  /** The number that Linux has for the code. */
  readonly errno: number;
  /** What was tried: `"connect"`, `"bind"`, `"read"`, `"write"`, `"getaddrinfo"` … */
  readonly syscall: string;
  /** The IP address or name that it was tried with, if any. */
  readonly address: string | undefined;
  /** The port that it was tried with, if any. */
  readonly port: number | undefined;

  /** What went wrong with the addresses that were tried, when there were several. */
  readonly errors: readonly NetworkError[] = [];

  constructor(code: NetworkErrorCode, syscall: string, address?: string, port?: number) {
    requireArgument("NetworkError", "a code such as ECONNREFUSED", isNetworkErrorCode(code), code);
    requireArgument("NetworkError", "a string as syscall", typeof syscall === "string", syscall);
    const isAddress = address === undefined || typeof address === "string";
    requireArgument("NetworkError", "a string as address", isAddress, address);
    requireArgument("NetworkError", "a number as port", port === undefined || typeof port === "number", port);
    const [reason, errno] = REASONS[code];
    const host = address?.includes(":") === true && port !== undefined ? `[${address}]` : address;
    const where = address === undefined ? "" : ` ${host}${port === undefined ? "" : `:${port}`}`;
    super(`${syscall} ${code}${where}: ${reason}`);
    this.code = code;
    this.errno = errno;
    this.syscall = syscall;
    this.address = address;
    this.port = port;
  }

  /** One error for several: the only one there is, or one with the code of the first that says what all said. */
  static summary(errors: readonly NetworkError[]): NetworkError {
    const first = errors[0]!;
    if (errors.length === 1) {
      return first;
    }
    const summary = new NetworkError(first.code, first.syscall, first.address, first.port);
    summary.message = `Multiple exceptions: ${errors.map((error) => error.message).join(", ")}`;
    return Object.assign(summary, { errors });
  }
}
