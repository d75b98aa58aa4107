import type { Request } from "./request.ts";

/** A request under `with`, `hold` or `serve` was turned away; `request.state` says why. */
export class NotServedError extends Error {
  override name = "NotServedError";
  /** The request. */
  readonly request: Request;

  constructor(request: Request) {
    super(`the request for ${request.resource} was ${request.state}`);
    this.request = request;
  }
}
