import test from "ava";
import type { Detail } from "../../base/instrument.ts";
import { toChrome } from "../chrome/chrome.ts";
import { Recorder } from "../record/recorder.ts";
import type { NoteKind, NoteRecord } from "../record.ts";
import { traceStats } from "../stats/stats.ts";
import { briefNoteWords, noteWords } from "./note-words.ts";
import { toText } from "./text.ts";

const note = (kind: NoteKind, detail: Detail): NoteRecord => ({ seq: 1, time: 0, kind, by: 0, detail });

const segment = {
  protocol: "tcp",
  source: "10.0.0.1",
  sourcePort: 5000,
  destination: "fd00::2",
  destinationPort: 80,
};

test("noteWords: packets show their ends and what they carry; any other note its details", (t) => {
  const long = "x".repeat(50);
  t.deepEqual(
    [
      noteWords(note("network.sent", { packet: 1, link: "a→b", ...segment, flags: "S", sequence: 7 })),
      noteWords(note("network.sent", { packet: 2, link: "a→b", ...segment, flags: "P.", data: long })),
      noteWords(note("network.sent", { packet: 3, link: "a→b", ...segment, flags: "S", sequence: 7, copyOf: 1 })),
      noteWords(note("network.delivered", { packet: 1, link: "a→b" })),
      noteWords(note("network.dropped", { packet: 2, link: "a→b", reason: "loss" })),
      noteWords(note("fault.set", { name: "cut the line", after: 3, forever: false, text: "a\tb" })),
    ],
    [
      "sends packet 1 over a→b: 10.0.0.1:5000 > [fd00::2]:80 tcp S",
      `sends packet 2 over a→b: 10.0.0.1:5000 > [fd00::2]:80 tcp P. "${"x".repeat(40)}"… (50)`,
      "packet 3 goes over a→b: a copy of packet 1",
      "packet 1 arrives over a→b",
      "packet 2 is lost on a→b: loss",
      'fault.set name="cut the line" after=3 forever=false text="a\\tb"',
    ],
  );
});

test("noteWords: what hosts and connections do is a sentence", (t) => {
  const ends = { host: "a", local: "10.0.0.1:80", remote: "10.0.0.2:5000" };
  t.deepEqual(
    [
      note("network.listening", { host: "a", local: "10.0.0.1:80" }),
      note("network.connected", ends),
      note("network.closed", ends),
      note("network.closed", { ...ends, error: "ECONNRESET" }),
      note("network.closed", { ...ends, state: "TIME-WAIT" }),
      note("network.discarded", { packet: 7, host: "a", reason: "port unreachable" }),
      note("host.paused", { host: "a" }),
      note("host.resumed", { host: "a" }),
      note("host.crashed", { host: "a", connections: "vanish" }),
      note("host.crashed", { host: "a", connections: "reset" }),
      note("host.restarted", { host: "a" }),
      note("fault.begun", { what: "{}" }),
      note("fault.ended", { what: "{}" }),
      note("fault.healed", {}),
    ].map(noteWords),
    [
      "a listens on 10.0.0.1:80",
      "a is connected, 10.0.0.1:80 to 10.0.0.2:5000",
      "a is done with 10.0.0.1:80 to 10.0.0.2:5000",
      "a is done with 10.0.0.1:80 to 10.0.0.2:5000: ECONNRESET",
      "a is done with 10.0.0.1:80 to 10.0.0.2:5000, in TIME-WAIT",
      "a discards packet 7: port unreachable",
      "a is paused",
      "a goes on",
      "a crashes, and its connections vanish",
      "a crashes, and its connections are reset",
      "a starts again",
      "a fault begins: {}",
      "a fault ends: {}",
      "all faults end",
    ],
  );
});

test("briefNoteWords: a diagram leaves out what only confirms", (t) => {
  t.deepEqual(
    [
      briefNoteWords(note("network.sent", { packet: 1, link: "a→b", ...segment, flags: "S" })),
      briefNoteWords(note("network.sent", { packet: 1, link: "a→b", ...segment, flags: "." })),
      briefNoteWords(note("network.sent", { packet: 2, link: "a→b", ...segment, flags: "S", copyOf: 1 })),
      briefNoteWords(note("network.sent", { packet: 1, link: "a→b", ...segment, flags: "P.", data: "GET /\r\n" })),
      briefNoteWords(note("network.delivered", { packet: 1, link: "a→b" })),
      briefNoteWords(note("network.dropped", { packet: 1, link: "a→b", reason: "loss" })),
      briefNoteWords(note("fault.set", {})),
    ],
    [
      "sends tcp S to [fd00::2]:80",
      null,
      null,
      "sends GET / to [fd00::2]:80",
      null,
      "a packet is lost on a→b: loss",
      "fault.set",
    ],
  );
});

/** Two packets that overtake each other, one that is sent again after it was lost, one that is still under way. */
function crossing(): Recorder {
  const recorder = new Recorder({ mode: "full" });
  const sent = (packet: number, more: Detail): void =>
    recorder.noted("network.sent", { packet, link: "a→b", ...segment, flags: "P.", ...more });
  sent(1, { data: "12345" });
  sent(2, { data: "67" });
  recorder.clockAdvanced(0.25);
  recorder.noted("network.delivered", { packet: 2, link: "a→b" });
  recorder.clockAdvanced(1);
  recorder.noted("network.dropped", { packet: 1, link: "a→b", reason: "loss" });
  sent(3, { data: "12345", isRetransmission: true });
  recorder.clockAdvanced(1.5);
  recorder.noted("network.delivered", { packet: 3, link: "a→b" });
  sent(4, {});
  return recorder;
}

test("traceStats: per link what was sent and lost, and how long packets took", (t) => {
  t.deepEqual(traceStats(crossing().trace).links, [
    {
      link: "a→b",
      sent: 4,
      delivered: 2,
      dropped: { loss: 1 },
      retransmissions: 1,
      bytes: 4 * 40 + 12,
      payloadBytes: 12,
      latency: { min: 0.25, p50: 0.25, p90: 0.5, p99: 0.5, max: 0.5 },
    },
  ]);
});

test("toChrome: a packet is a slice of its own from its sending to its end", (t) => {
  const events: { ph: string; id: string; ts: number }[] = JSON.parse(toChrome(crossing().trace)).traceEvents;
  t.deepEqual(
    events.filter(({ ph }) => ph === "b" || ph === "e").map(({ ph, id, ts }) => `${ph} ${id} at ${ts}`),
    [
      "b a→b 1 at 0",
      "b a→b 2 at 0.001",
      "e a→b 2 at 250000",
      "e a→b 1 at 1000000",
      "b a→b 3 at 1000000.001",
      "e a→b 3 at 1500000",
      "b a→b 4 at 1500000.001",
      "e a→b 4 at 1500000.002",
    ],
  );
});

test("toText: a lost packet has its reason", (t) => {
  t.true(toText(crossing().trace).includes("6  1     -    packet 1 is lost on a→b: loss\n"));
});
