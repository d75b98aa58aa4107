import { requireFields } from "../base/require-argument.ts";
import { SafeError } from "../base/safe-error.ts";
import type { Request } from "./request.ts";

/** A request under `with`, `hold` or `serve` was turned away; `request.state` says why. */
export class NotServedError extends SafeError {
  override name = "NotServedError";
  /** The request. */
  readonly request: Request;

  constructor(request: Request) {
    requireFields("NotServedError", "a request", request, { resource: "object", state: "string" });
    super(`the request for ${request.resource} was ${request.state}`);
    this.request = request;
  }
}
