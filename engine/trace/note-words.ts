import type { NoteRecord } from "./record.ts";

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

/** What a note tells, in words; a note of an unknown kind as `kind key=value key=value`. */
export function noteWords(note: NoteRecord): string {
  const { packet, link, reason } = note.detail;
  if (packet !== undefined && link !== undefined) {
    switch (note.kind) {
      case "network.sent":
        return `sends packet ${packet} over ${link}: ${packetWords(note)}`;
      case "network.delivered":
        return `packet ${packet} arrives over ${link}`;
      case "network.dropped":
        return `packet ${packet} is lost on ${link}: ${reason}`;
      default:
    }
  }
  return [note.kind, ...Object.entries(note.detail).map(([key, value]) => `${key}=${valueText(value)}`)].join(" ");
}

/** The same for a diagram: in brief, and `null` for what is not worth a line there. */
export function briefNoteWords(note: NoteRecord): string | null {
  const { packet, data, flags, protocol, destination, destinationPort, link, reason } = note.detail;
  if (packet === undefined) {
    return noteWords(note);
  }
  switch (note.kind) {
    case "network.sent": {
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
