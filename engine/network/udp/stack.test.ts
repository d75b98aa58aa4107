import { readFileSync } from "node:fs";
import test from "ava";
import { RandomStream } from "../../base/random.ts";
import { type Address, AddressBook } from "../address.ts";
import { Agenda } from "../agenda.ts";
import type { Packet } from "../packets/packet.ts";
import { UdpDatagram } from "../packets/udp-datagram.ts";
import { type UdpReceiver, UdpStack } from "./stack.ts";

/* Which of the sockets at a port hears a datagram. */

const book = new AddressBook();
const at = (text: string): Address => book.get(text);
const HERE = "10.0.0.1";
const THERE = "10.0.0.2";

interface Options {
  readonly remote?: readonly [string, number];
  readonly groups?: readonly string[];
  readonly port?: number;
  readonly refusal?: string;
}

class Stack {
  readonly heard: string[] = [];
  readonly datagrams: UdpDatagram[] = [];
  readonly answers: Packet[] = [];
  readonly udp = new UdpStack({
    name: "here",
    isWatched: false,
    note: () => {},
    agenda: new Agenda(),
    now: () => 0,
    random: (purpose) => new RandomStream(1, purpose),
    transmit: (packet) => this.answers.push(packet),
    pathTo: () => ({ mtu: 1500 }),
  });

  /** A socket bound to `local`. */
  adds(name: string, local: string, { remote, groups = [], port = 9, refusal }: Options = {}): UdpReceiver {
    const receiver: UdpReceiver = {
      local: at(local),
      localPort: port,
      remote: remote === undefined ? null : at(remote[0]),
      remotePort: remote?.[1] ?? 0,
      isMemberOf: (group) => groups.includes(group.text),
      arrived: (datagram) => {
        this.heard.push(name);
        this.datagrams.push(datagram);
        return refusal ?? null;
      },
      undelivered: (_, code) => this.heard.push(`${name} ${code}`),
    };
    this.udp.add(receiver);
    return receiver;
  }

  /** A datagram comes. @returns Who heard it, and why it was discarded. */
  gets(destination = HERE, source = THERE, sourcePort = 5, port = 9): readonly (string | null)[] {
    this.heard.length = 0;
    const datagram = new UdpDatagram(at(source), sourcePort, at(destination), port, Uint8Array.of(1));
    return [...[this.udp.receive(datagram)], ...this.heard];
  }
}

test("UDP: a socket hears what comes to its address, or to any of its family, at its port", (t) => {
  const stack = new Stack();
  stack.adds("one", HERE);
  t.deepEqual(stack.gets(), [null, "one"]);
  t.deepEqual([stack.gets("10.0.0.9"), stack.gets(HERE, THERE, 5, 10)], [["port unreachable"], ["port unreachable"]]);
  const any = new Stack();
  any.adds("any", "0.0.0.0");
  t.deepEqual(
    [any.gets(HERE), any.gets("10.0.0.9"), any.gets("fd00::1", "fd00::2")],
    [[null, "any"], [null, "any"], ["port unreachable"]],
  );
});

test("UDP: a datagram that no socket hears is answered with a report to its sender, one in a group or to all is not", (t) => {
  const stack = new Stack();
  stack.gets();
  t.deepEqual(stack.answers.map(String), [
    "10.0.0.1 > 10.0.0.2 icmp port unreachable: 10.0.0.2:5 > 10.0.0.1:9 udp 1 bytes",
  ]);
  t.deepEqual([stack.gets("239.0.0.1"), stack.gets("255.255.255.255")], [["no receiver"], ["no receiver"]]);
  t.is(stack.answers.length, 1);
});

test("UDP: of several the connected one hears it, then the one bound to the address, then the one that came last", (t) => {
  const stack = new Stack();
  stack.adds("any", "0.0.0.0");
  t.deepEqual(stack.gets(), [null, "any"]);
  const later = stack.adds("later", "0.0.0.0");
  t.deepEqual(stack.gets(), [null, "later"]);
  stack.adds("bound", HERE);
  stack.adds("last", "0.0.0.0");
  t.deepEqual(stack.gets(), [null, "bound"]);
  stack.adds("connected", "0.0.0.0", { remote: [THERE, 5] });
  stack.adds("bound too", HERE);
  t.deepEqual(stack.gets(), [null, "connected"]);
  stack.adds("both", HERE, { remote: [THERE, 5] });
  stack.adds("connected too", "0.0.0.0", { remote: [THERE, 5] });
  t.deepEqual(stack.gets(), [null, "both"]);
  // A connected socket hears only the other side.
  t.deepEqual(
    [stack.gets(HERE, THERE, 6), stack.gets(HERE, "10.0.0.3")],
    [
      [null, "bound too"],
      [null, "bound too"],
    ],
  );
  stack.udp.remove(later);
  t.deepEqual(stack.gets("10.0.0.9", "10.0.0.3"), [null, "last"]);
});

test("UDP: once a socket of the host has joined a group, those that Linux lets hear it do", (t) => {
  const recorded = readFileSync(new URL("../../golden/network/multicast.txt", import.meta.url), "utf8").trimEnd();
  for (const [title, ...lines] of recorded.split(/\n(?=with)/).map((part) => part.split("\n"))) {
    const stack = new Stack();
    const sockets = lines.map((line) => line.split(" ") as [local: string, group: string, heard: string]);
    for (const [i, [local, group]] of sockets.entries()) {
      stack.adds(String(i), local, { groups: group === "-" ? [] : [group] });
    }
    const isMember = stack.udp.hasMember(at("239.0.0.1"));
    // A host without a member is not reached at all.
    const heard = isMember ? stack.gets("239.0.0.1").slice(1) : [];
    t.is(isMember, title === "with a member");
    t.deepEqual(
      heard,
      sockets.flatMap(([, , isHeard], i) => (isHeard === "1" ? [String(i)] : [])),
      title,
    );
  }
});

test("UDP: each socket that hears a group or a broadcast gets its own copy", (t) => {
  const stack = new Stack();
  stack.adds("one", "0.0.0.0", { groups: ["239.0.0.1"] });
  t.deepEqual([stack.gets("239.0.0.1"), stack.datagrams.length], [[null, "one"], 1]);
  stack.adds("two", "0.0.0.0");
  t.deepEqual(stack.gets("239.0.0.1"), [null, "one", "two"]);
  t.is(new Set(stack.datagrams.map(({ data }) => data)).size, 3);
  stack.adds("bound", HERE);
  stack.adds("v6", "::");
  t.deepEqual(stack.gets("255.255.255.255"), [null, "one", "two"]);
  t.deepEqual([stack.udp.hasMember(at("239.0.0.1")), stack.udp.hasMember(at("239.0.0.2"))], [true, false]);
});

test("UDP: what all sockets refuse is discarded for the reason of the last; what one of them takes is not", (t) => {
  const stack = new Stack();
  stack.adds("full", "0.0.0.0", { refusal: "full" });
  t.deepEqual(
    [stack.gets(), stack.gets("255.255.255.255")],
    [
      ["full", "full"],
      ["full", "full"],
    ],
  );
  stack.adds("fine", "0.0.0.0");
  stack.adds("closed", "0.0.0.0", { refusal: "closed" });
  t.deepEqual(stack.gets("255.255.255.255"), [null, "full", "fine", "closed"]);
});

test("UDP: only who is connected to where a datagram went hears that it did not get there", (t) => {
  const stack = new Stack();
  stack.adds("connected", HERE, { remote: [THERE, 80] });
  stack.adds("elsewhere", HERE, { remote: ["10.0.0.3", 80] });
  stack.adds("other port", HERE, { remote: [THERE, 81] });
  stack.adds("unconnected", HERE);
  stack.adds("other local port", HERE, { remote: [THERE, 80], port: 8 });
  stack.udp.undelivered(new UdpDatagram(at(HERE), 9, at(THERE), 80, new Uint8Array(0)), "ECONNREFUSED");
  stack.udp.undelivered(new UdpDatagram(at(HERE), 7, at(THERE), 80, new Uint8Array(0)), "ECONNREFUSED");
  t.deepEqual(stack.heard, ["connected ECONNREFUSED"]);
});

test("UDP: a socket that is removed hears nothing more, the others do", (t) => {
  const stack = new Stack();
  const [one] = [stack.adds("one", HERE), stack.adds("two", HERE)];
  stack.udp.remove(one);
  t.deepEqual(stack.gets(), [null, "two"]);
  stack.udp.remove(one);
  t.deepEqual(stack.gets(), [null, "two"]);
});
