import { scaled, type Workload } from "./workload.ts";

/** Clients at a time, and bytes of a message. */
const clients = 10;
const bytes = 64;

/** W5: clients send a message over TCP and wait for its echo, again and again. */
export const echo: Workload & {
  readonly clients: number;
  readonly bytes: number;
  requests(scale: number): number;
} = {
  name: "W5",
  title: "echo over TCP: 10 clients, 10,000 requests of 64 bytes each, one at a time",
  unit: "message",
  repetitions: 3,
  clients,
  bytes,
  /** Requests of each client. */
  requests: (scale) => scaled(10_000, scale),
  /** A message each way; each is a segment. */
  units: (scale) => 2 * clients * echo.requests(scale),
  /** The bytes that came back. */
  expected: (scale) => String(clients * bytes * echo.requests(scale)),
};
