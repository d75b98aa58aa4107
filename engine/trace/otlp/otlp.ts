import type { CreateRecord, EndRecord, TraceRecord } from "../record.ts";
import { startSeconds } from "../start-seconds.ts";
import { requireTrace, type Trace } from "../trace.ts";
import { taskNames } from "../words/names.ts";

const SPAN_KIND_INTERNAL = 1;
const STATUS_OK = 1;
const STATUS_ERROR = 2;

type Attribute = { readonly key: string; readonly value: object };

const text = (key: string, value: string): Attribute => ({ key, value: { stringValue: value } });
/** OTLP's JSON has 64-bit integers as strings. */
const integer = (key: string, value: number): Attribute => ({ key, value: { intValue: String(value) } });

const spanId = (task: number): string => task.toString(16).padStart(16, "0");

/** A span in the making: a task. */
interface Span {
  readonly created: CreateRecord;
  readonly events: object[];
  /** The tasks that woke it, with how often. */
  readonly wakers: Map<number, number>;
  ended: EndRecord | null;
}

/** Takes records one after another and makes spans of them. */
class Spans {
  readonly all = new Map<number, Span>();
  private readonly _stamp: (seconds: number) => string;

  constructor(stamp: (seconds: number) => string) {
    this._stamp = stamp;
  }

  add(record: TraceRecord): void {
    if (record.kind === "create") {
      this.all.set(record.task, { created: record, events: [], wakers: new Map(), ended: null });
    } else if (record.kind === "wait") {
      this._event(record.task, record.time, `waits for ${record.on}`, [integer("simloop.target", record.target)]);
    } else if (record.kind === "print") {
      this._event(record.by, record.time, "prints", [text("simloop.text", record.text.replace(/\n$/, ""))]);
    } else if (record.kind === "wake") {
      const wakers = this.all.get(record.task)?.wakers;
      if (record.by !== record.task && this.all.has(record.by)) {
        wakers?.set(record.by, (wakers.get(record.by) ?? 0) + 1);
      }
    } else if (record.kind === "end") {
      const span = this.all.get(record.task);
      if (span !== undefined) {
        span.ended = record;
      }
    }
  }

  private _event(task: number, time: number, name: string, attributes: readonly Attribute[]): void {
    this.all.get(task)?.events.push({ timeUnixNano: this._stamp(time), name, attributes });
  }
}

/** Unix time in whole nanoseconds, as a decimal: a double has too few digits for it. */
function stamps(start: number): (seconds: number) => string {
  const whole = Math.floor(start);
  const base = BigInt(whole) * 1_000_000_000n + BigInt(Math.round((start - whole) * 1e9));
  return (seconds) => {
    const full = Math.floor(seconds);
    return String(base + BigInt(full) * 1_000_000_000n + BigInt(Math.round((seconds - full) * 1e9)));
  };
}

/**
 * A trace as OTLP JSON, which Grafana, Jaeger and other tools for OpenTelemetry import: a resource for each host, a
 * span for each task, with the task that created it as parent, what it waited for and printed as events, and the tasks
 * that woke it as links. The id of the trace is the digest of the run.
 *
 * @throws TypeError for what is not a trace.
 * @see OpenTelemetry's protocol, `TracesData` in JSON
 */
export function toOtlp(trace: Trace): string {
  requireTrace("toOtlp", trace);
  const { header } = trace;
  const traceId = /^[0-9a-f]{32}$/.test(trace.digest) ? trace.digest : "1".padStart(32, "0");
  const names = taskNames(trace);
  const stamp = stamps(startSeconds(header));
  const spans = new Spans(stamp);
  let end = 0;
  for (const record of trace) {
    spans.add(record);
    end = record.time;
  }
  const span = ({ created, events, wakers, ended }: Span): object => ({
    traceId,
    spanId: spanId(created.task),
    ...(spans.all.has(created.by) ? { parentSpanId: spanId(created.by) } : {}),
    name: names.of(created.task),
    kind: SPAN_KIND_INTERNAL,
    startTimeUnixNano: stamp(created.time),
    endTimeUnixNano: stamp(ended?.time ?? end),
    attributes: [
      integer("simloop.task", created.task),
      text("simloop.outcome", ended?.outcome ?? "pending"),
      ...(created.place === undefined ? [] : [text("code.location", created.place)]),
    ],
    events,
    links: [...wakers].map(([by, count]) => ({
      traceId,
      spanId: spanId(by),
      attributes: [text("simloop.link", "wakes"), integer("simloop.count", count)],
    })),
    status:
      ended?.error === undefined
        ? { code: STATUS_OK }
        : { code: STATUS_ERROR, message: `${ended.error.name}: ${ended.error.message}` },
  });
  const hosts = new Map<string, object[]>();
  for (const one of spans.all.values()) {
    const host = one.created.host ?? "";
    hosts.set(host, [...(hosts.get(host) ?? []), span(one)]);
  }
  const program = header.program ?? "simloop";
  const resourceSpans = [...hosts].map(([host, list]) => ({
    resource: {
      attributes: [
        text("service.name", host === "" ? program : host),
        text("simloop.program", program),
        text("simloop.seed", String(header.seed)),
        ...(host === "" ? [] : [text("host.name", host)]),
      ],
    },
    scopeSpans: [{ scope: { name: "simloop", version: header.engine }, spans: list }],
  }));
  return `${JSON.stringify({ resourceSpans })}\n`;
}
