import test from "ava";
import { RandomStream } from "../base/random.ts";
import { type Address, AddressBook } from "./address.ts";
import { NetworkError } from "./errors.ts";
import { PortUses } from "./port-uses.ts";
import { PortTable } from "./ports.ts";

const book = new AddressBook();
const [any, one, two, any6] = [book.get("0.0.0.0"), book.get("10.0.0.1"), book.get("10.0.0.2"), book.get("::")];

test("Ports: ephemeral ones are assigned in order, round and round, without those that are taken", (t) => {
  const ports = new PortTable();
  const first = ports.ephemeral("connect", () => true);
  ports.bind(any, first + 1, false);
  t.is(
    ports.ephemeral("connect", () => true),
    first + 2,
  );
  t.is(
    ports.ephemeral("connect", (port) => port < first),
    32_768,
  );
  t.is(
    ports.ephemeral("connect", (port) => port === 60_999),
    60_999,
  );
  t.is(
    ports.ephemeral("connect", () => true),
    32_768,
  );
});

test("Ports: a table goes on where the one before it was, and forgets what was released", (t) => {
  const before = new PortTable();
  const first = before.unused("bind");
  t.is(new PortTable(before).unused("bind"), first + 1);
  const [one4, two4] = [before.bind(one, 80, true), before.bind(two, 80, true)];
  before.release(one4);
  t.deepEqual([before.isBound(80), before.bindingsOf(80), before.releases], [true, [two4], 1]);
  before.release(two4);
  t.deepEqual([before.isBound(80), before.bindingsOf(80), before.releases], [false, [], 2]);
});

test("Ports: when none is free any more, that is an error", (t) => {
  const ports = new PortTable();
  const error = t.throws(() => ports.ephemeral("connect", () => false), { instanceOf: NetworkError });
  t.is(error?.message, "connect EADDRNOTAVAIL: cannot assign requested address");
  t.is(t.throws(() => ports.ephemeral("bind", () => false))?.message, "bind EADDRINUSE: address already in use");
});

test("Ports: two may have the same one at different addresses or of different kinds, and at the same if both are willing and none listens", (t) => {
  const ports = new PortTable();
  const accepted = (address: Address, reuse: boolean): boolean => {
    try {
      ports.release(ports.bind(address, 80, reuse));
      return true;
    } catch {
      return false;
    }
  };
  const held = ports.bind(one, 80, true);
  t.deepEqual(
    [accepted(one, false), accepted(two, false), accepted(any, false), accepted(any6, false)],
    [false, true, false, true],
  );
  t.deepEqual([accepted(one, true), accepted(any, true)], [true, true]);
  held.isListening = true;
  t.deepEqual([accepted(one, true), accepted(any, true), accepted(two, true)], [false, false, true]);
  ports.release(held);
  t.true(accepted(any, false));
});

test("Ports: one that is neither bound nor of a connection is found as if all were looked at, one after another", (t) => {
  const random = new RandomStream(1, "ports");
  const uses = new PortUses();
  const counts = new Map<number, number>();
  const free = (from: number): number | null => {
    for (let i = 0; i < 28_232; i++) {
      const port = 32_768 + ((from - 32_768 + i) % 28_232);
      if (!counts.has(port)) {
        return port;
      }
    }
    return null;
  };
  const change = (port: number): void => {
    const count = (counts.get(port) ?? 0) + (random.chance(0.7) || !counts.has(port) ? 1 : -1);
    if (count > (counts.get(port) ?? 0)) {
      uses.add(port);
    } else {
      uses.remove(port);
    }
    if (count === 0) {
      counts.delete(port);
    } else {
      counts.set(port, count);
    }
  };
  // Ports in three crowded corners, and one outside of the range.
  for (let step = 0; step < 3000; step++) {
    const corner = random.pick([32_768, 45_056, 60_960]);
    change(random.chance(0.05) ? 80 : corner + random.integer(0, 39));
    const from = corner + random.integer(0, 39);
    t.is(uses.nextFree(from), free(from), String(from));
  }
});

test("Ports: when every port but one is in use, that one is found, and none when it is used as well", (t) => {
  const uses = new PortUses();
  for (let port = 32_768; port <= 60_999; port++) {
    uses.add(port);
  }
  t.is(uses.nextFree(40_000), null);
  for (const port of [32_768, 39_999, 40_000, 40_001, 60_998, 60_999]) {
    uses.remove(port);
    t.is(uses.nextFree(40_000), port);
    uses.add(port);
  }
  uses.add(5);
  uses.remove(5);
  t.is(uses.nextFree(40_000), null);
});

test("Ports: a socket that does not connect gets one in order, round and round, and EADDRINUSE when there is none", (t) => {
  const ports = new PortTable();
  const first = ports.unused("bind");
  const second = ports.bind(any, ports.unused("bind"), false);
  t.deepEqual([first, second.port], [33_720, 33_721]);
  ports.uses.add(33_722);
  t.is(ports.unused("bind"), 33_723);
  for (let port = 32_768; port <= 60_999; port++) {
    ports.uses.add(port);
  }
  t.is(t.throws(() => ports.unused("bind"))?.message, "bind EADDRINUSE: address already in use");
  ports.uses.remove(60_999);
  t.deepEqual([ports.unused("bind"), ports.unused("bind")], [60_999, 60_999]);
  ports.uses.remove(32_768);
  t.is(ports.unused("bind"), 32_768);
});
