import "../index.ts";
import { once } from "node:events";
import http from "node:http";
import net from "node:net";
import test from "ava";
import { simulate } from "../../simulation.ts";

test("http: headersTimeout and requestTimeout are virtual, and begin anew with each message", async (t) => {
  const { output, error } = await simulate(async () => {
    const server = http.createServer(
      { headersTimeout: 1000, requestTimeout: 3000, connectionsCheckingInterval: 500, keepAliveTimeout: 60_000 },
      (request, response) => request.on("end", () => response.end("answer")).resume(),
    );
    server.listen(80, "127.0.0.1");
    await once(server, "listening");
    const send = async (name: string, first: string, later: string[] = []): Promise<void> => {
      const socket = net.connect(80, "127.0.0.1");
      socket.write(first);
      const lines: string[] = [];
      socket.on("data", (data) => lines.push(String(data).split("\r\n")[0] as string));
      for (const piece of later) {
        setTimeout(() => socket.write(piece), 2500);
        await once(socket, "data");
      }
      await once(socket, "close");
      console.log(performance.now(), name, lines.join(", "));
    };
    const whole = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    await Promise.all([
      send("no byte", ""),
      send("half a head", "GET / HT"),
      send("half a body", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf"),
      send("a second message", whole, [whole, "GET"]),
    ]);
    server.close();
  });
  t.is(error, undefined);
  t.is(
    output,
    [
      "1500 half a head HTTP/1.1 408 Request Timeout",
      "1500 no byte HTTP/1.1 408 Request Timeout",
      "3500 half a body HTTP/1.1 408 Request Timeout",
      "4000 a second message HTTP/1.1 200 OK, HTTP/1.1 200 OK, HTTP/1.1 408 Request Timeout",
      "",
    ].join("\n"),
  );
});
