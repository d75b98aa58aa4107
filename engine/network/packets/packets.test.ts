import test from "ava";
import { type Address, AddressBook } from "../address.ts";
import { IcmpMessage } from "./icmp-message.ts";
import { copyNote, formatEndpoint, type Packet } from "./packet.ts";
import { ACK, FIN, PSH, RST, SYN, sackBytes, type TcpFields, TcpSegment } from "./tcp-segment.ts";
import { UdpDatagram } from "./udp-datagram.ts";

const book = new AddressBook();
const [A, B, A6, B6] = ["10.0.0.1", "10.0.0.2", "fd00::1", "fd00::2"].map((text) => book.get(text)) as [
  Address,
  Address,
  Address,
  Address,
];

const tcp = (fields: Partial<TcpFields> = {}): TcpSegment =>
  new TcpSegment({
    source: A,
    sourcePort: 1000,
    destination: B,
    destinationPort: 80,
    flags: ACK,
    sequence: 7,
    acknowledgement: 9,
    window: 512,
    ...fields,
  });

/** What the note of a packet on the link `a→b` says, without what it leaves out. */
function noted(packet: Packet): Record<string, unknown> {
  const { kind, keys } = packet._noteShape;
  const values = packet._noteValues("a→b");
  const entries = keys.map((key, i) => [key, values[i]] as const).filter(([, value]) => value !== undefined);
  return { kind, ...Object.fromEntries(entries) };
}

test("Packets: sizes are those on the wire, headers and options included", (t) => {
  const data = new Uint8Array(100);
  const sizes = [
    tcp(),
    tcp({ source: A6, destination: B6 }),
    tcp({ data }),
    tcp({ flags: SYN, maximumSize: 1460 }),
    tcp({ flags: SYN, maximumSize: 1460, windowScale: 0 }),
    tcp({ flags: SYN, maximumSize: 1460, windowScale: 7, sackPermitted: true }),
    // Options belong to a SYN.
    tcp({ windowScale: 7, sackPermitted: true }),
    tcp({ sack: [1, 2] }),
    tcp({ sack: [1, 2, 5, 6, 8, 9], data }),
    new UdpDatagram(A, 1, B, 2, data),
    new UdpDatagram(A6, 1, B6, 2, data),
    // An ICMP message quotes the IP header and eight bytes.
    new IcmpMessage(A, B, "port unreachable", tcp()),
    new IcmpMessage(A6, B6, "port unreachable", tcp()),
  ].map(({ sizeBytes }) => sizeBytes);
  t.deepEqual(sizes, [40, 60, 140, 44, 48, 52, 40, 52, 168, 128, 148, 56, 96]);
  t.deepEqual([0, 1, 4].map(sackBytes), [0, 12, 36]);
});

test("Packets: data, SYN and FIN take room in the sequence space", (t) => {
  const data = new Uint8Array(5);
  const lengths = [
    tcp(),
    tcp({ flags: SYN }),
    tcp({ flags: FIN | ACK }),
    tcp({ data }),
    tcp({ data, flags: SYN | FIN }),
  ];
  t.deepEqual(
    lengths.map(({ sequenceLength }) => sequenceLength),
    [0, 1, 1, 5, 7],
  );
});

test("Packets: flags read as tcpdump writes them, whatever else is in the byte", (t) => {
  const flags = [0, SYN, SYN | ACK, FIN | ACK, PSH | ACK, RST, RST | ACK, 31, 32 | SYN];
  t.deepEqual(
    flags.map((each) => tcp({ flags: each }).flagText),
    ["", "S", "S.", "F.", "P.", "R", "R.", "SFRP.", "S"],
  );
});

test("Packets: notes name what a packet is, and leave out what it does not have", (t) => {
  const kind = "network.sent";
  const ends = { packet: 3, link: "a→b", source: "10.0.0.1", destination: "10.0.0.2" };
  const ports = { sourcePort: 1000, destinationPort: 80 };
  const segment = tcp();
  segment.id = 3;
  const common = { kind, ...ends, ...ports, protocol: "tcp", sequence: 7, acknowledgement: 9, window: 512 };
  t.deepEqual(noted(segment), { ...common, flags: "." });
  const options = { maximumSize: 0, windowScale: -1, sackPermitted: true };
  t.deepEqual(noted(Object.assign(tcp({ ...options, flags: SYN }), { id: 3 })), { ...common, ...options, flags: "S" });
  const data = Uint8Array.of(1);
  const again = Object.assign(tcp({ data, sack: [1, 2, 5, 6] }), { id: 3, isRetransmission: true });
  t.deepEqual(noted(again), { ...common, flags: ".", data, sack: "1-2 5-6", isRetransmission: true });
  const datagram = Object.assign(new UdpDatagram(A, 1000, B, 80, data), { id: 3 });
  t.deepEqual(noted(datagram), { kind, ...ends, ...ports, protocol: "udp", data });
  const report = Object.assign(new IcmpMessage(A, B, "host unreachable", datagram), { id: 4 });
  t.deepEqual(noted(report), { kind, ...ends, packet: 4, protocol: "icmp", report: "host unreachable", about: 3 });
  const copied = copyNote(segment._noteShape);
  t.deepEqual([copied.kind, copied.keys], [kind, [...segment._noteShape.keys, "copyOf"]]);
  t.is(copyNote(segment._noteShape), copied);
});

test("Packets: a copy says the same, and has no number yet", (t) => {
  const fields = { data: Uint8Array.of(1), sack: [1, 2], maximumSize: 5, windowScale: 3, sackPermitted: true };
  for (const isRetransmission of [false, true]) {
    const segment = Object.assign(tcp(fields), { id: 5, isRetransmission, corrupted: true });
    const copy = segment._copy();
    t.deepEqual(noted(Object.assign(copy, { id: 5 })), noted(segment));
    t.deepEqual([tcp(fields)._copy().id, copy.corrupted], [0, false]);
  }
  const datagram = new UdpDatagram(A, 1, B, 2, Uint8Array.of(1));
  t.deepEqual(noted(datagram._copy()), noted(datagram));
  t.not(datagram._copy().data, datagram.data);
  const report = new IcmpMessage(A, B, "port unreachable", datagram);
  t.deepEqual(noted(report._copy()), noted(report));
});

test("Packets: each reads as one line", (t) => {
  const datagram = new UdpDatagram(A6, 1, B6, 2, new Uint8Array(3));
  const report = new IcmpMessage(B6, A6, "port unreachable", datagram);
  t.deepEqual(
    [tcp({ flags: SYN }), datagram, report].map((packet) => JSON.parse(JSON.stringify(packet))),
    [
      "10.0.0.1:1000 > 10.0.0.2:80 tcp S 0 bytes",
      "[fd00::1]:1 > [fd00::2]:2 udp 3 bytes",
      "fd00::2 > fd00::1 icmp port unreachable: [fd00::1]:1 > [fd00::2]:2 udp 3 bytes",
    ],
  );
  t.deepEqual([formatEndpoint(A, 80), formatEndpoint(A6, 80)], ["10.0.0.1:80", "[fd00::1]:80"]);
});
