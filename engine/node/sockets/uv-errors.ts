import os from "node:os";
import { isNetworkErrorCode, NetworkError } from "../../network/errors.ts";

/** What libuv calls the end of a stream. */
export const UV_EOF = -4095;

/** libuv's number for the error `code`, which on every system is the negative of the system's own. */
export function uvError(code: string): number {
  const numbers = os.constants.errno as unknown as Record<string, number | undefined>;
  return -(numbers[code] ?? numbers["EIO"] ?? 5);
}

/** The number for what a simulated socket threw. @throws it, if it is not an error of the network. */
export function uvErrorOf(error: unknown): number {
  if (error instanceof NetworkError && isNetworkErrorCode(error.code)) {
    return uvError(error.code);
  }
  throw error;
}

/** Call `action`. @returns 0, or libuv's number for the error of the network that it threw. */
export function attempt(action: () => void): number {
  try {
    action();
    return 0;
  } catch (error) {
    return uvErrorOf(error);
  }
}
