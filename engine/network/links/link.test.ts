import test from "ava";
import type { NoteShape, NoteValue } from "../../base/instrument.ts";
import type { RandomStream } from "../../base/random.ts";
import { setRunning } from "../../loop/running.ts";
import { AddressBook } from "../address.ts";
import { Agenda } from "../agenda.ts";
import type { Packet } from "../packets/packet.ts";
import { UdpDatagram } from "../packets/udp-datagram.ts";
import type { Fabric } from "./fabric.ts";
import { Link } from "./link.ts";
import { BETWEEN_HOSTS, type LinkOptions, linkCharacter } from "./link-options.ts";
import { RuleChain } from "./rules.ts";

/* One direction of a link, packet by packet, with draws that the test decides. */

const book = new AddressBook();
const [A, B] = [book.get("10.0.0.1"), book.get("10.0.0.2")];

/** A link from a to b. `lines` has what is noted and drawn, with its time, and what arrives at b. */
class Wire implements Fabric {
  readonly lines: string[] = [];
  readonly agenda = new Agenda();
  readonly rules = new RuleChain();
  readonly isWatched = true;
  readonly link: Link;
  /** What is drawn next: whether chances come true, and latencies. What is not listed does not happen. */
  readonly draws: (boolean | number)[] = [];
  isDown = false;
  refusal: string | null = null;
  private _now = 0;
  private _packets = 0;
  private readonly _arrivals: Packet[] = [];

  constructor(options: LinkOptions) {
    const receive = (packet: Packet): string | null => {
      this._log(`b takes ${packet.id}`);
      return this.refusal;
    };
    const wire = this;
    const b = {
      name: "b",
      get _isDown() {
        return wire.isDown;
      },
      _receive: receive,
    };
    this.link = new Link(
      this,
      { name: "a", _isDown: false, _receive: () => null },
      b,
      linkCharacter("link", options, BETWEEN_HOSTS),
    );
  }

  now(): number {
    return this._now;
  }

  nextPacketId(): number {
    return ++this._packets;
  }

  random(name: string): RandomStream {
    const chance = (probability: number): boolean => {
      const happens = this.draws.shift() ?? false;
      this._log(`${name}: ${Number(probability.toFixed(6))}? ${happens}`);
      return happens as boolean;
    };
    const uniform = (): number => (this.draws.shift() ?? 0) as number;
    return { name, chance, uniform } as unknown as RandomStream;
  }

  arriveNow(packet: Packet): void {
    this._arrivals.push(packet);
  }

  fail(error: unknown): void {
    throw error;
  }

  note(): void {}

  noteAs({ kind, keys }: NoteShape, values: readonly NoteValue[]): void {
    const [reason, copyOf] = [values[keys.indexOf("reason")], values[keys.indexOf("copyOf")]];
    const words = [
      kind.replace("network.", ""),
      values[0],
      reason,
      copyOf === undefined ? undefined : `copy of ${copyOf}`,
    ];
    this._log(words.filter((word) => word !== undefined).join(" "));
  }

  /** Host a sends a packet of `bytes` in all. */
  sends(bytes: number): this {
    const packet = new UdpDatagram(A, 1, B, 2, new Uint8Array(bytes - 28));
    packet.id = this.nextPacketId();
    this.link._send(packet, this._now);
    for (let arrived = this._arrivals.shift(); arrived !== undefined; arrived = this._arrivals.shift()) {
      arrived._happen(this._now);
    }
    this.link.checkInvariants();
    return this;
  }

  until(time: number): this {
    while (this.agenda.nextTime() <= time) {
      this._now = this.agenda.nextTime();
      this.agenda.takeDue(this._now)?._happen(this._now);
      this.link.checkInvariants();
    }
    this._now = time;
    return this;
  }

  private _log(line: string): void {
    this.lines.push(`${Number(this._now.toFixed(6))} ${line}`);
  }
}

const arrivals = ({ lines }: Wire): string[] =>
  lines.filter((line) => line.includes("takes")).map((line) => line.replace("b takes ", ""));

test("Link: a packet takes the latency, and is counted and noted at both ends", (t) => {
  const wire = new Wire({ latency: 0.5 });
  wire.sends(100).sends(200);
  const seen = [String(wire.link), wire.link.sentBytes];
  wire.until(1);
  t.deepEqual(wire.lines, [
    "0 sent 1",
    "0 sent 2",
    "0.5 delivered 1",
    "0.5 b takes 1",
    "0.5 delivered 2",
    "0.5 b takes 2",
  ]);
  t.deepEqual(
    [...seen, String(wire.link)],
    ["<Link a→b sent=2 delivered=0 dropped=0 inFlight=2>", 300, "<Link a→b sent=2 delivered=2 dropped=0 inFlight=0>"],
  );
});

test("Link: without latency a packet arrives at once", (t) => {
  t.deepEqual(new Wire({ latency: 0 }).sends(100).lines, ["0 sent 1", "0 delivered 1", "0 b takes 1"]);
});

test("Link: with limited bandwidth packets leave one after another, and then take the latency", (t) => {
  const wire = new Wire({ latency: 1, bandwidth: 8000 });
  wire.sends(1000).sends(500).until(0.5).sends(1000).until(9).sends(1000).until(20);
  t.deepEqual(arrivals(wire), ["2 1", "2.5 2", "3.5 3", "11 4"]);
});

test("Link: a packet that finds more than the queue waiting is dropped; one that finds as much is not", (t) => {
  const wire = new Wire({ latency: 1, bandwidth: 8000, queueBytes: 2000 });
  wire.sends(1000).sends(1000).sends(28).sends(1000).until(1).sends(1000);
  t.deepEqual(
    wire.lines.filter((line) => !line.includes("sent")),
    ["0 dropped 4 queue"],
  );
  wire.until(10);
  t.deepEqual(arrivals(wire), ["2 1", "3 2", "3.028 3", "4.028 5"]);
  t.is(String(wire.link), "<Link a→b sent=5 delivered=4 dropped=1 inFlight=0>");
});

test("Link: loss, damage, copies and reordering are drawn in this order, each if it can happen, from the link's stream", (t) => {
  const wire = new Wire({ latency: { uniform: [0, 9] }, loss: 0.1, corrupt: 0.2, duplicate: 0.3, reorder: 0.4 });
  wire.draws.push(false, false, false, 0.5, false);
  wire.sends(100);
  t.deepEqual(wire.lines, ["0 sent 1", ...[0.1, 0.2, 0.3, 0.4].map((chance) => `0 link a→b: ${chance}? false`)]);
  t.deepEqual(new Wire({ latency: 1 }).sends(100).until(0.5).lines, ["0 sent 1"]);
});

test("Link: what is lost is dropped where it departs, what is damaged where it arrives", (t) => {
  const wire = new Wire({ latency: 1, loss: 0.1, corrupt: 0.2 });
  wire.draws.push(true, false, true);
  wire.sends(100).sends(100).until(2);
  t.deepEqual(wire.lines, [
    "0 sent 1",
    "0 link a→b: 0.1? true",
    "0 dropped 1 loss",
    "0 sent 2",
    "0 link a→b: 0.1? false",
    "0 link a→b: 0.2? true",
    "1 dropped 2 checksum",
  ]);
});

test("Link: a copy is sent, takes a latency of its own, and is as whole as the original", (t) => {
  const wire = new Wire({ latency: { uniform: [0, 9] }, duplicate: 0.3 });
  wire.draws.push(true, 1, 2);
  wire.sends(100).until(5);
  t.deepEqual(wire.lines, [
    "0 sent 1",
    "0 link a→b: 0.3? true",
    "0 sent 2 copy of 1",
    "1 delivered 2",
    "1 b takes 2",
    "2 delivered 1",
    "2 b takes 1",
  ]);
  t.deepEqual([wire.link.sent, wire.link.sentBytes], [2, 200]);
  const damaged = new Wire({ latency: 1, corrupt: 0.2 });
  damaged.rules.add({ name: "double", departing: (transit) => transit.duplicate() });
  damaged.draws.push(false, true);
  damaged.sends(100).until(5);
  // The link draws for each of them.
  t.deepEqual(damaged.lines.slice(-3), ["1 delivered 2", "1 b takes 2", "1 dropped 1 checksum"]);
});

test("Link: packets in line arrive in order, whatever their latencies; one that is out of line overtakes and is overtaken", (t) => {
  const wire = new Wire({ latency: { uniform: [0, 9] }, reorder: 0.5 });
  wire.draws.push(5, false, 1, true, 2, false, 8, true, 6, false);
  wire.sends(100).sends(100).sends(100).sends(100).sends(100).until(20);
  t.deepEqual(arrivals(wire), ["1 2", "5 1", "5 3", "6 5", "8 4"]);
});

test("Link: a datagram in fragments is lost with any of them, and each has a header", (t) => {
  // 1472 bytes behind the header: two fragments of 744 and 728 bytes.
  const wire = new Wire({ latency: 1, mtu: 764, bandwidth: 8000, loss: 0.1 });
  wire.sends(1492).sends(764).until(9);
  t.deepEqual(wire.lines.slice(0, 4), ["0 sent 1", "0 link a→b: 0.19? false", "0 sent 2", "0 link a→b: 0.1? false"]);
  t.deepEqual(arrivals(wire), ["2.512 1", "3.276 2"]);
  // One byte more than the packets hold; fragments hold multiples of eight bytes.
  const chances = [1509, 1508, 765].map((bytes) => new Wire({ latency: 1, mtu: 764, loss: 0.1 }).sends(bytes).lines[1]);
  t.deepEqual(
    chances.map((line) => line!.replace(/.*: /, "")),
    ["0.271? false", "0.19? false", "0.19? false"],
  );
  const tiny = new Wire({ latency: 1, mtu: 68, corrupt: 0.5 }).sends(149);
  t.is(tiny.lines[1], "0 link a→b: 0.875? false");
});

test("Link: what comes to a host that is down is dropped, and what is of no use there is discarded", (t) => {
  const wire = new Wire({ latency: 1 });
  wire.isDown = true;
  wire.sends(100).until(2);
  wire.isDown = false;
  wire.refusal = "no room";
  wire.sends(100).until(4);
  t.deepEqual(wire.lines, [
    "0 sent 1",
    "1 dropped 1 host down",
    "2 sent 2",
    "3 delivered 2",
    "3 b takes 2",
    "3 discarded 2 no room",
  ]);
});

test("Link: what is set counts from then on, for what is named", (t) => {
  const wire = new Wire({ latency: 1, mtu: 500 });
  wire.sends(100);
  wire.link.set({ latency: 3 });
  wire.sends(100).until(9);
  t.deepEqual([arrivals(wire), wire.link.mtu], [["1 1", "3 2"], 500]);
});

test("Link: a rule's delay adds to the latency, a factor multiplies it, and neither touches the bandwidth", (t) => {
  const wire = new Wire({ latency: { uniform: [0, 9] }, bandwidth: 8000, duplicate: 1 });
  wire.rules.add({
    name: "late",
    departing: (transit) => {
      transit.delay(10);
      transit.slow(2);
    },
  });
  wire.draws.push(true, 3, 4);
  wire.sends(1000).until(99);
  t.deepEqual(arrivals(wire), ["17 2", "19 1"]);
  const constant = new Wire({ latency: 0.5, bandwidth: 8000 });
  constant.rules.add({ name: "slow", departing: (transit) => transit.slow(4) });
  t.deepEqual(arrivals(constant.sends(1000).until(9)), ["3 1"]);
});

test("Link: what a rule holds is in flight until it goes on, or is dropped by a rule behind", (t) => {
  const releases: (() => void)[] = [];
  const wire = new Wire({ latency: 1 });
  wire.rules.add({ name: "hold", departing: (transit) => releases.push(transit.hold()) });
  wire.sends(100).sends(100).until(5);
  const held = String(wire.link);
  releases[0]!();
  wire.rules.add({ name: "drop", departing: (transit) => transit.drop("no") });
  releases[1]!();
  wire.until(9);
  t.deepEqual(
    [held, String(wire.link), ...arrivals(wire)],
    ["<Link a→b sent=2 delivered=0 dropped=0 inFlight=2>", "<Link a→b sent=2 delivered=1 dropped=1 inFlight=0>", "6 1"],
  );
});

test("Link: a rule that drops what arrives is the last to be asked", (t) => {
  const wire = new Wire({ latency: 1 });
  const asked: string[] = [];
  wire.rules.add({
    name: "first",
    arriving: (transit) => {
      asked.push("first");
      transit.drop("no");
    },
  });
  wire.rules.add({ name: "second", arriving: () => asked.push("second") });
  wire.sends(100).until(2);
  t.deepEqual([asked, wire.lines.at(-1)], [["first"], "1 dropped 1 no"]);
});

/**
 * What `program` does while an exploration takes `option` of every choice.
 *
 * @returns The choices, with the meaning of the option.
 */
function exploring(option: number, program: () => void): string[] {
  const choices: string[] = [];
  const choose = (name: string, count: number, say: (taken: number) => string): number => {
    choices.push(`${name} of ${count}${option === 0 ? "" : `: ${say(option)}`}`);
    return option;
  };
  setRunning({ _ordering: { choose, touched: () => {} } } as never);
  try {
    program();
  } finally {
    setRunning(null);
  }
  return choices;
}

test("Link: an exploration may take the bounds of a latency instead of what was drawn", (t) => {
  const outcomes = [0, 1, 2].map((option) => {
    const wire = new Wire({ latency: { uniform: [1, 9] } });
    wire.draws.push(5);
    const choices = exploring(option, () => wire.sends(100));
    return [...choices, ...arrivals(wire.until(20))];
  });
  t.deepEqual(outcomes, [
    ["d:a>b@1 of 3", "5 1"],
    ["d:a>b@1 of 3: the packet takes the shortest latency, 1 s, instead of 5 s", "1 1"],
    ["d:a>b@1 of 3: the packet takes the longest latency, 9 s, instead of 5 s", "9 1"],
  ]);
});

test("Link: where a latency has no bounds, an exploration takes the extremes of sixteen more, drawn from another stream", (t) => {
  const outcomes = [1, 2].map((option) => {
    const names: string[] = [];
    const wire = new Wire({
      latency: (random) => {
        names.push(random.name);
        return random.uniform(0, 1);
      },
    });
    wire.draws.push(5, 4, 3, 4, 7, ...new Array(12).fill(4), 99);
    exploring(option, () => wire.sends(100));
    return [arrivals(wire.until(200)), wire.draws, [...new Set(names)], names.length];
  });
  const streams = ["link a→b", "link a→b, otherwise"];
  t.deepEqual(outcomes, [
    [["3 1"], [99], streams, 17],
    [["7 1"], [99], streams, 17],
  ]);
});

test("Link: an exploration may turn round whatever happens by chance", (t) => {
  const lost = new Wire({ latency: 1, loss: 0.5 });
  lost.draws.push(false);
  t.deepEqual(
    exploring(1, () => lost.sends(100)),
    ["loss:a>b@1 of 2: the packet is lost"],
  );
  t.is(lost.lines.at(-1), "0 dropped 1 loss");
  const whole = new Wire({ latency: 1, corrupt: 0.5 });
  whole.draws.push(true);
  t.deepEqual(
    exploring(1, () => whole.sends(100)),
    ["corrupt:a>b@1 of 2: the packet is not damaged"],
  );
  t.deepEqual(arrivals(whole.until(2)), ["1 1"]);
});
