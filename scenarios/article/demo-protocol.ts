import { createTask, encode, Protocol, print, sleep, type Transport } from "../../engine/index.ts";
import { areEqual, search } from "./bytes.ts";

/** The article's web server: one page that takes ten seconds, and one that is there at once. */
export class DemoProtocol extends Protocol {
  private transport!: Transport;

  override connectionMade(transport: Transport): void {
    const peername = transport.getExtraInfo("peername");
    print(`Connection from ${peername}`);
    this.transport = transport;
  }

  override dataReceived(data: Uint8Array): void {
    // In Python `.` stands for a carriage return as well.
    const match = search(/GET ([^\n]*) HTTP\/1.1/, data);
    const path = match?.[1];
    if (path === undefined) {
      this.respond("400 Bad Request", "<h1>Bad Request</h1>");
      return;
    }
    print("GET", path);
    if (areEqual(path, encode("/block"))) {
      createTask(this.block());
    } else {
      this.respond("200 OK", "<h1>hello world</h1>");
    }
  }

  private async *block() {
    yield* sleep(10);
    this.respond("200 OK", "<h1>Are you block?</h1>");
  }

  private respond(status: string, body: string): void {
    this.transport.write(encode(`HTTP/1.1 ${status}\r\n`));
    this.transport.write(encode("Content-Type: text/html\r\n"));
    this.transport.write(encode("\r\n"));
    this.transport.write(encode(`${body}\r\n`));
    this.transport.close();
  }
}
