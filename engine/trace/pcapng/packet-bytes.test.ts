import test from "ava";
import { packetBytes } from "./packet-bytes.ts";

const ends = { source: "10.0.0.1", destination: "10.0.0.2", sourcePort: 258, destinationPort: 772, packet: 1 };

test("packetBytes: a datagram has its ports, its length and its data behind the IP header", (t) => {
  const bytes = packetBytes({ ...ends, protocol: "udp", data: "ab" }, undefined);
  t.deepEqual([...bytes.subarray(20, 26)], [1, 2, 3, 4, 0, 10]);
  t.deepEqual([...bytes.subarray(28)], [97, 98]);
});

test("packetBytes: a SYN has its options: segment size, SACK permitted, window scale", (t) => {
  const syn = { ...ends, protocol: "tcp", flags: "S", maximumSize: 1460, sackPermitted: true, windowScale: 7 };
  const bytes = packetBytes(syn, undefined);
  t.deepEqual([...bytes.subarray(20, 24)], [1, 2, 3, 4]);
  t.deepEqual([...bytes.subarray(40)], [2, 4, 5, 180, 1, 1, 4, 2, 1, 3, 3, 7]);
});
