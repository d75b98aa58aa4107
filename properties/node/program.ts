import * as fc from "fast-check";

/** How something is put off: not at all, to a tick, a microtask, an immediate, or by milliseconds. */
export type Pause = "sync" | "tick" | "microtask" | "immediate" | number;

/** What a program waits for with `await`. */
export type Awaited =
  | { readonly for: "pause"; readonly pause: Pause }
  | { readonly for: "value" | "thenable" | "yield" | "immediate" | "promisified immediate" }
  | { readonly for: "sleep"; readonly ms: number; readonly signal?: number }
  | { readonly for: "wait" | "promisified"; readonly ms: number }
  | { readonly for: "event"; readonly emitter: number; readonly signal?: number }
  | { readonly for: "call" | "all" | "race" | "any" | "allSettled"; readonly bodies: readonly Body[] };

/** A statement of a random program. */
export type Statement =
  | { readonly do: "log" | "throw" | "reject" }
  | { readonly do: "timeout"; readonly ms: number; readonly slot: number; readonly body: Body }
  | {
      readonly do: "interval";
      readonly ms: number;
      readonly slot: number;
      readonly times: number;
      readonly body: Body;
    }
  | { readonly do: "immediate"; readonly slot: number; readonly body: Body }
  | { readonly do: "tick" | "microtask" | "then" | "call" | "context"; readonly body: Body }
  | { readonly do: "clear" | "refresh" | "close" | "unref" | "ref"; readonly slot: number }
  | { readonly do: "clear immediate"; readonly slot: number }
  | { readonly do: "await"; readonly what: Awaited }
  | { readonly do: "listen"; readonly emitter: number; readonly once: boolean; readonly body: Body }
  | { readonly do: "emit"; readonly emitter: number }
  | { readonly do: "for events"; readonly emitter: number; readonly times: number; readonly body: Body }
  | { readonly do: "for interval"; readonly ms: number; readonly times: number; readonly body: Body }
  | { readonly do: "for generator"; readonly pauses: readonly Pause[]; readonly body: Body }
  | { readonly do: "for readable"; readonly pauses: readonly Pause[]; readonly body: Body }
  | { readonly do: "signal after"; readonly ms: number; readonly number: number }
  | { readonly do: "any signal"; readonly numbers: readonly number[]; readonly number: number }
  | { readonly do: "abort"; readonly number: number }
  | { readonly do: "on abort"; readonly number: number; readonly body: Body }
  | StreamStatement
  | SocketStatement
  | HttpStatement;

/** Statements in sequence: a function. */
export type Body = readonly Statement[];

/** A source, transforms and a sink. */
export interface StreamStatement {
  readonly do: "stream";
  /** Before each chunk of the source. */
  readonly chunks: readonly Pause[];
  /** For each transform, what each of its chunks takes. */
  readonly transforms: readonly Pause[];
  readonly sink: Pause;
  readonly highWaterMark: number;
  readonly join: "pipe" | "pipeline" | "promise" | "for await";
  /** Number of the chunk at which the sink fails; 0 for none. */
  readonly failAt: number;
  /** Destroy the source after so many milliseconds; 0 for not. */
  readonly destroyAfter: number;
}

/** A server on the loopback, and clients that connect to it. */
export interface SocketStatement {
  readonly do: "sockets";
  readonly clients: readonly { readonly start: Pause; readonly writes: readonly Pause[]; readonly end: Pause }[];
  readonly server: "echo" | "collect" | "greet" | "destroy";
  readonly pause: Pause;
  readonly allowHalfOpen: boolean;
}

/** An HTTP server and requests to it. */
export interface HttpStatement {
  readonly do: "http";
  readonly requests: readonly { readonly start: Pause; readonly body: number; readonly abortAfter: number }[];
  readonly keepAlive: boolean;
  readonly respond: Pause;
  readonly chunks: readonly Pause[];
}

/** What a program may consist of, beside timers and promises. */
export type Family = "core" | "events" | "streams" | "sockets" | "http";

export const FAMILIES: readonly Family[] = ["core", "events", "streams", "sockets", "http"];

const ms = fc.constantFrom(0, 1, 1, 2, 3, 5, 5, 8, 10, 10, 20, 4.7);
const pause: fc.Arbitrary<Pause> = fc.oneof(
  fc.constantFrom<Pause>("sync", "tick", "microtask", "immediate"),
  fc.constantFrom<Pause>(1, 2, 5, 10),
);
const slot = fc.nat(2);
const number = fc.nat(1);
const pauses = (max: number): fc.Arbitrary<Pause[]> => fc.array(pause, { minLength: 1, maxLength: max });

const stream: fc.Arbitrary<StreamStatement> = fc.record({
  do: fc.constant("stream" as const),
  chunks: pauses(4),
  transforms: fc.array(pause, { maxLength: 2 }),
  sink: pause,
  highWaterMark: fc.integer({ min: 1, max: 3 }),
  join: fc.constantFrom("pipe", "pipeline", "promise", "for await"),
  failAt: fc.constantFrom(0, 0, 0, 1, 2),
  destroyAfter: fc.constantFrom(0, 0, 0, 3, 7),
});

const sockets: fc.Arbitrary<SocketStatement> = fc.record({
  do: fc.constant("sockets" as const),
  clients: fc.array(fc.record({ start: pause, writes: fc.array(pause, { maxLength: 3 }), end: pause }), {
    minLength: 1,
    maxLength: 2,
  }),
  server: fc.constantFrom("echo", "collect", "greet", "destroy"),
  pause,
  allowHalfOpen: fc.boolean(),
});

const httpStatement: fc.Arbitrary<HttpStatement> = fc.record({
  do: fc.constant("http" as const),
  requests: fc.array(fc.record({ start: pause, body: fc.nat(2), abortAfter: fc.constantFrom(0, 0, 0, 4) }), {
    minLength: 1,
    maxLength: 2,
  }),
  keepAlive: fc.boolean(),
  respond: pause,
  chunks: fc.array(pause, { maxLength: 2 }),
});

/** Everything that has no statements within. */
function leaves(families: ReadonlySet<Family>): fc.WeightedArbitrary<Statement>[] {
  const core: fc.WeightedArbitrary<Statement>[] = [
    { weight: 4, arbitrary: fc.constant({ do: "log" } as const) },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("throw", "reject") }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constantFrom("clear", "refresh", "close", "unref", "ref"), slot }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("clear immediate" as const), slot }) },
    { weight: 8, arbitrary: fc.record({ do: fc.constant("await" as const), what: awaitedLeaf(families) }) },
  ];
  if (families.has("events")) {
    core.push(
      { weight: 4, arbitrary: fc.record({ do: fc.constant("emit" as const), emitter: number }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant("signal after" as const), ms, number }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant("abort" as const), number }) },
      {
        weight: 1,
        arbitrary: fc.record({
          do: fc.constant("any signal" as const),
          numbers: fc.array(number, { minLength: 1, maxLength: 2 }),
          number,
        }),
      },
    );
  }
  const others = { streams: stream, sockets, http: httpStatement } as const;
  for (const [family, arbitrary] of Object.entries(others)) {
    if (families.has(family as Family)) {
      core.push({ weight: 6, arbitrary });
    }
  }
  return core;
}

function awaitedLeaf(families: ReadonlySet<Family>): fc.Arbitrary<Awaited> {
  const hasEvents = families.has("events");
  const core: fc.Arbitrary<Awaited>[] = [
    fc.record({ for: fc.constant("pause" as const), pause }),
    fc.record({ for: fc.constantFrom("value", "thenable", "yield", "immediate", "promisified immediate") }),
    fc.record({ for: fc.constant("sleep" as const), ms }),
    fc.record({ for: fc.constantFrom("wait", "promisified"), ms }),
  ];
  if (hasEvents) {
    core.push(
      fc.record({ for: fc.constant("sleep" as const), ms, signal: number }),
      fc.record({ for: fc.constant("event" as const), emitter: number }),
      fc.record({ for: fc.constant("event" as const), emitter: number, signal: number }),
    );
  }
  return fc.oneof(...core);
}

/** Everything that has statements within. */
function nests(families: ReadonlySet<Family>, body: fc.Arbitrary<Body>): fc.WeightedArbitrary<Statement>[] {
  const times = fc.integer({ min: 1, max: 3 });
  const bodies = fc.array(body, { minLength: 1, maxLength: 3 });
  const core: fc.WeightedArbitrary<Statement>[] = [
    { weight: 6, arbitrary: fc.record({ do: fc.constant("timeout" as const), ms, slot, body }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant("interval" as const), ms, slot, times, body }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant("immediate" as const), slot, body }) },
    { weight: 6, arbitrary: fc.record({ do: fc.constantFrom("tick", "microtask", "then", "call", "context"), body }) },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant("await" as const),
        what: fc.record({ for: fc.constantFrom("call", "all", "race", "any", "allSettled"), bodies }),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("for interval" as const), ms, times, body }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("for generator" as const), pauses: pauses(3), body }) },
  ];
  if (families.has("events")) {
    core.push(
      {
        weight: 3,
        arbitrary: fc.record({ do: fc.constant("listen" as const), emitter: number, once: fc.boolean(), body }),
      },
      { weight: 2, arbitrary: fc.record({ do: fc.constant("for events" as const), emitter: number, times, body }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant("on abort" as const), number, body }) },
    );
  }
  if (families.has("streams")) {
    core.push({
      weight: 2,
      arbitrary: fc.record({ do: fc.constant("for readable" as const), pauses: pauses(3), body }),
    });
  }
  return core;
}

/** Random programs of these families of statements. */
export function programs(families: readonly Family[] = FAMILIES): fc.Arbitrary<Body> {
  const chosen = new Set(families);
  const { body } = fc.letrec<{ body: Body; statement: Statement }>((tie) => ({
    body: fc.array(tie("statement"), { minLength: 1, maxLength: 4, depthIdentifier: "body" }),
    statement: fc.oneof(
      { depthSize: "small", maxDepth: 3, depthIdentifier: "body" },
      ...leaves(chosen),
      ...nests(chosen, tie("body")),
    ),
  }));
  return fc.array(body, { minLength: 1, maxLength: 2 }).map((parts) => parts.flat());
}
