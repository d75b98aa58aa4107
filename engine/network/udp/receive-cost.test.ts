import { readFileSync } from "node:fs";
import test from "ava";
import { receiveCost } from "./receive-cost.ts";

test("UDP: as many datagrams fit into the receive buffer as fit into Linux's", (t) => {
  const recorded = readFileSync(new URL("../../golden/network/udp_buffer.txt", import.meta.url), "utf8").trimEnd();
  const expected = recorded.split("\n").map((line) => line.split(" ").map(Number) as [4 | 6, number, number]);
  t.deepEqual(
    expected.map(([family, size]) => [family, size, Math.floor(212_992 / receiveCost(size, family))]),
    expected,
  );
});

test("UDP: what a datagram takes of the receive buffer grows in steps, and with it from 16 kB on", (t) => {
  const costs = [0, 197, 198, 645, 646, 1669, 1670, 3717, 3718, 7813, 7814, 16_005, 16_006, 20_000];
  t.deepEqual(
    costs.map((length) => receiveCost(length, 4)),
    [832, 832, 1280, 1280, 2304, 2304, 4352, 4352, 8448, 8448, 16_640, 16_640, 16_838, 20_832],
  );
});
