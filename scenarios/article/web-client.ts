import { encode, type Future, getRunningLoop, Protocol, type Transport } from "../../engine/index.ts";

/** Sends a request as soon as it is connected, and collects what comes back until the connection is closed. */
class WebClient extends Protocol {
  private readonly request: Uint8Array;
  private readonly response: Future<Uint8Array>;
  private readonly received: number[] = [];

  constructor(request: Uint8Array, response: Future<Uint8Array>) {
    super();
    this.request = request;
    this.response = response;
  }

  override connectionMade(transport: Transport): void {
    transport.write(this.request);
  }

  override dataReceived(data: Uint8Array): void {
    this.received.push(...data);
  }

  override connectionLost(error: Error | null): void {
    if (error === null) {
      this.response.setResult(Uint8Array.from(this.received));
    } else {
      this.response.setException(error);
    }
  }
}

/** The request for `path`. */
export const get = (path: string): Uint8Array => encode(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);

/** Send `request` to the server at `host` and `port`, and give what it answered until it closed the connection. */
export async function* ask(host: string, port: number, request: Uint8Array) {
  const loop = getRunningLoop();
  const response = loop.createFuture<Uint8Array>();
  yield* loop.createConnection(() => new WebClient(request, response), host, port);
  return yield* response;
}
