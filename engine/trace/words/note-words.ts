import type { NoteRecord } from "../record.ts";

type Value = string | number | boolean;

/** A longer text in a note is cut: what a packet carries would fill the page. */
const LONGEST_VALUE = 40;

const cut = (text: string): string =>
  text.length > LONGEST_VALUE
    ? `${JSON.stringify(text.slice(0, LONGEST_VALUE))}… (${text.length})`
    : JSON.stringify(text);

const valueText = (value: Value): string =>
  typeof value === "string" && !(value.length <= LONGEST_VALUE && /^[^\s"=\p{Cc}]+$/u.test(value))
    ? cut(value)
    : String(value);

/** `address:port`, with brackets where the address has colons itself. */
const endpoint = (address: Value | undefined, port: Value | undefined): string => {
  const host = String(address).includes(":") ? `[${address}]` : String(address);
  return port === undefined ? host : `${host}:${port}`;
};

/** What a packet is: `10.0.0.1:33720 > 10.0.0.2:80 tcp S`, and what it carries. */
function packetWords({ detail }: NoteRecord): string {
  const { source, sourcePort, destination, destinationPort, protocol, flags, data } = detail;
  const ends = `${endpoint(source, sourcePort)} > ${endpoint(destination, destinationPort)}`;
  const words = [ends, protocol, flags, typeof data === "string" && data !== "" ? cut(data) : undefined];
  return words.filter((word) => word !== undefined).join(" ");
}

/** What is done to primitives of a kind, where "acquires" and "releases" would say it badly. */
const SYNC_VERBS: ReadonlyMap<string, readonly [acquired: string, released: string]> = new Map([
  ["Queue", ["takes from", "puts into"]],
  ["LifoQueue", ["takes from", "puts into"]],
  ["PriorityQueue", ["takes from", "puts into"]],
  ["Event", ["passes", "sets"]],
  ["Condition", ["acquires", "notifies"]],
  ["Barrier", ["passes", "opens"]],
]);

/** `releases Lock #5, 2 waiting`. */
function syncWords({ kind, detail }: NoteRecord): string {
  const { primitive, id, waiting, items } = detail;
  const [acquires, releases] = SYNC_VERBS.get(String(primitive)) ?? ["acquires", "releases"];
  const verb = kind === "sync.waited" ? "queues up for" : kind === "sync.acquired" ? acquires : releases;
  const words = [`${verb} ${primitive} #${id}`];
  if (items !== undefined) {
    words.push(`${items} in it`);
  }
  if (Number(waiting) > 0) {
    words.push(`${waiting} waiting`);
  }
  return words.join(", ");
}

/** What the network and its hosts do, beside carrying packets; `null` for other notes. */
function networkWords({ kind, detail }: NoteRecord): string | null {
  const { host, local, remote, packet, reason, error, state, connections, what } = detail;
  switch (kind) {
    case "network.listening":
      return `${host} listens on ${local}`;
    case "network.connected":
      return `${host} is connected, ${local} to ${remote}`;
    case "network.closed": {
      const how = error === undefined ? (state === undefined ? "" : `, in ${state}`) : `: ${error}`;
      return `${host} is done with ${local} to ${remote}${how}`;
    }
    case "network.discarded":
      return `${host} discards packet ${packet}: ${reason}`;
    case "host.paused":
      return `${host} is paused`;
    case "host.resumed":
      return `${host} goes on`;
    case "host.crashed":
      return `${host} crashes, and its connections ${connections === "reset" ? "are reset" : "vanish"}`;
    case "host.restarted":
      return `${host} starts again`;
    case "fault.begun":
      return `a fault begins: ${what}`;
    case "fault.ended":
      return `a fault ends: ${what}`;
    case "fault.healed":
      return "all faults end";
    default:
      return null;
  }
}

/** Words for a note of the loop and the layers above it, where a sentence is better than a list; `null` for others. */
function ownWords(note: NoteRecord): string | null {
  const { task, name, text, stream, value, point, option, of, outcome, message } = note.detail;
  switch (note.kind) {
    case "sync.waited":
    case "sync.acquired":
    case "sync.released":
      return syncWords(note);
    case "task.renamed":
      return `gives task #${task} the name ${cut(String(name))}`;
    case "error.reported":
      return `reports ${JSON.stringify(text)}`;
    case "random.drawn":
      return `draws ${value} from the stream ${cut(String(stream))}`;
    case "choice.made":
      return `takes option ${option} of ${of} of the choice ${cut(String(point))}`;
    case "run.ended":
      return `the run ends: ${outcome}${name === undefined ? "" : `, ${name}: ${message}`}`;
    default:
      return networkWords(note);
  }
}

/** Words for a note; a note of an unknown kind as `kind key=value key=value`. */
export function noteWords(note: NoteRecord): string {
  const { packet, link, reason, copyOf } = note.detail;
  if (packet !== undefined && link !== undefined) {
    switch (note.kind) {
      case "network.sent":
        if (copyOf !== undefined) {
          return `packet ${packet} goes over ${link}: a copy of packet ${copyOf}`;
        }
        return `sends packet ${packet} over ${link}: ${packetWords(note)}`;
      case "network.delivered":
        return `packet ${packet} arrives over ${link}`;
      case "network.dropped":
        return `packet ${packet} is lost on ${link}: ${reason}`;
      default:
    }
  }
  const words = ownWords(note);
  return (
    words ?? [note.kind, ...Object.entries(note.detail).map(([key, value]) => `${key}=${valueText(value)}`)].join(" ")
  );
}

/** Of these a diagram shows what follows from them: waits and wake-ups. */
const UNSEEN: ReadonlySet<string> = new Set([
  "sync.waited",
  "sync.acquired",
  "sync.released",
  "task.renamed",
  "random.drawn",
  "run.ended",
]);

/** The same for a diagram: in brief, and `null` for what is not worth a line there. */
export function briefNoteWords(note: NoteRecord): string | null {
  const { packet, copyOf, data, flags, protocol, destination, destinationPort, link, reason } = note.detail;
  if (packet === undefined) {
    return UNSEEN.has(note.kind) ? null : noteWords(note);
  }
  switch (note.kind) {
    case "network.sent": {
      if (copyOf !== undefined) {
        return null;
      }
      const to = endpoint(destination, destinationPort);
      if (typeof data === "string" && data !== "") {
        return `sends ${data.replace(/\s+/g, " ").trim()} to ${to}`;
      }
      return protocol === "tcp" && !/[SFR]/.test(String(flags)) ? null : `sends ${protocol} ${flags ?? ""} to ${to}`;
    }
    case "network.delivered":
      return null;
    case "network.dropped":
      return `a packet is lost on ${link}: ${reason}`;
    default:
      return noteWords(note);
  }
}
