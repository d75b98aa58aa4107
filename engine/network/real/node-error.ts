import { isNetworkErrorCode, NetworkError } from "../errors.ts";

/** What Node calls what the simulated network has another name for. */
const SYNONYMS: Readonly<Record<string, string>> = { EAFNOSUPPORT: "EADDRNOTAVAIL", EAI_NODATA: "ENOTFOUND" };

/** What Node's `error` is to programs: a NetworkError, or for codes that this has not, the error itself. */
export function networkError(error: NodeJS.ErrnoException, syscall: string, address?: string, port?: number): Error {
  const code = SYNONYMS[error.code ?? ""] ?? error.code;
  return isNetworkErrorCode(code) ? new NetworkError(code, syscall, address, port) : error;
}
