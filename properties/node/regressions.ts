import type { Body } from "./program.ts";

/**
 * Programs whose order once differed from Node's, each reduced to what it takes. Their logs on real Node stand in
 * recorded/.
 */
export const REGRESSIONS: Readonly<Record<string, Body>> = {
  "a list of timers gets its new place when its callbacks have run, behind a list that they began": [
    { do: "timeout", ms: 10, slot: 0, body: [{ do: "await", what: { for: "pause", pause: 1 } }, { do: "log" }] },
    { do: "await", what: { for: "pause", pause: 1 } },
    { do: "timeout", ms: 10, slot: 1, body: [{ do: "log" }] },
  ],
  "an interval that clears itself in its callback drops its list: a timer set there begins a new one": [
    {
      do: "interval",
      ms: 5,
      slot: 2,
      times: 2,
      body: [{ do: "interval", ms: 1, slot: 1, times: 2, body: [{ do: "timeout", ms: 5, slot: 0, body: [] }] }],
    },
  ],
  "a timer that was refreshed after its call runs in the context of the refresh": [
    { do: "timeout", ms: 2, slot: 0, body: [{ do: "log" }] },
    { do: "await", what: { for: "sleep", ms: 5 } },
    { do: "context", body: [{ do: "refresh", slot: 0 }] },
  ],
  "ticks of a callback that throws wait for the next callback": [
    { do: "throw" },
    { do: "timeout", ms: 1, slot: 0, body: [{ do: "tick", body: [] }] },
    { do: "throw" },
    { do: "immediate", slot: 0, body: [] },
  ],
  "an uncaught exception is reported in the context of the callback that threw": [
    { do: "context", body: [{ do: "throw" }] },
    { do: "immediate", slot: 0, body: [] },
  ],
  "closed handles call back in the reverse of the order in which they were closed": [
    {
      do: "sockets",
      clients: [{ start: "tick", writes: [1], end: 5 }],
      server: "destroy",
      pause: "sync",
      allowHalfOpen: false,
    },
  ],
  "a connection that both ends have closed reports its end together with its last data": [
    {
      do: "sockets",
      clients: [{ start: "sync", writes: ["immediate", "sync"], end: "sync" }],
      server: "greet",
      pause: 10,
      allowHalfOpen: true,
    },
  ],
  "a connection is shut down before the loop polls next, and what is complete after polling comes before immediates": [
    {
      do: "sockets",
      clients: [
        { start: 5, writes: ["tick"], end: 1 },
        { start: "immediate", writes: [], end: 1 },
      ],
      server: "collect",
      pause: 1,
      allowHalfOpen: false,
    },
  ],
  "a socket that was just made comes behind those to which something has happened before the loop polls": [
    {
      do: "sockets",
      clients: [
        { start: 10, writes: [], end: 2 },
        { start: 5, writes: [2, "microtask", 10], end: 10 },
      ],
      server: "greet",
      pause: 5,
      allowHalfOpen: false,
    },
  ],
  "a socket that goes from connecting to reading keeps its place among those that are ready": [
    {
      do: "sockets",
      clients: [{ start: "immediate", writes: ["tick"], end: "sync" }],
      server: "greet",
      pause: "sync",
      allowHalfOpen: false,
    },
  ],
  "a server on an address is listening after the ticks, not a turn later": [
    { do: "http", requests: [{ start: 10, body: 2, abortAfter: 4 }], keepAlive: true, respond: 2, chunks: [] },
    { do: "tick", body: [] },
    { do: "immediate", slot: 0, body: [] },
  ],
};
