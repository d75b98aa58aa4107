import test from "ava";
import { type Address, AddressBook } from "../address.ts";
import { PortTable } from "../ports.ts";
import { ConnectionTable } from "./connection-table.ts";
import type { ControlBlock } from "./control-block.ts";

const book = new AddressBook();
const [here, there, elsewhere] = [book.get("10.0.0.1"), book.get("10.0.0.2"), book.get("10.0.0.3")];

/** A connection as the table sees it. */
const connectionOf = (remote: Address, localPort: number, local = here): ControlBlock =>
  ({ ends: { local, localPort, remote, remotePort: 80 }, expiresAt: Number.POSITIVE_INFINITY }) as ControlBlock;

/** A table of ports that counts how many were looked at. */
class CountingPorts extends PortTable {
  tried = 0;

  override ephemeral(syscall: string, isFree: (port: number) => boolean): number {
    return super.ephemeral(syscall, (port) => {
      this.tried++;
      return isFree(port);
    });
  }
}

test("Connections: once all ports to a destination are in use, that is known without another search, until something changes", (t) => {
  const [table, ports] = [new ConnectionTable(), new CountingPorts()];
  const bound = ports.bind(here, 50_000, false);
  const attempt = (remote: Address, now: number): string => {
    const before = ports.tried;
    let outcome: string;
    try {
      outcome = String(table.ephemeralPort(ports, here, remote, 80, now));
    } catch (error) {
      outcome = (error as { code: string }).code;
    }
    return `${outcome} after ${ports.tried - before}`;
  };
  const all: ControlBlock[] = [];
  for (let port = 32_768; port <= 60_999; port++) {
    if (port !== 50_000) {
      const connection = connectionOf(there, port);
      all.push(connection);
      table.add(connection, 0);
    }
  }
  for (const [i, connection] of all.entries()) {
    table.expire(connection, 60 + i, true);
  }
  const outcomes = [attempt(there, 1), attempt(there, 2), attempt(elsewhere, 2)];
  // A port that is released, a connection that ends early, and one whose time is over.
  ports.release(bound);
  outcomes.push(attempt(there, 3));
  ports.bind(here, 50_000, false);
  outcomes.push(attempt(there, 3), attempt(there, 4));
  table.remove(all[5]!);
  outcomes.push(attempt(there, 4));
  table.add(all[5]!, 4);
  outcomes.push(attempt(there, 5), attempt(there, 6), attempt(there, 60));
  t.deepEqual(outcomes, [
    "EADDRNOTAVAIL after 28231",
    "EADDRNOTAVAIL after 0",
    "33720 after 1",
    "50000 after 16280",
    "EADDRNOTAVAIL after 28231",
    "EADDRNOTAVAIL after 0",
    "32773 after 11005",
    "EADDRNOTAVAIL after 28231",
    "EADDRNOTAVAIL after 0",
    "32768 after 28226",
  ]);
});

test("Connections: a local port is in use while any connection has it, to whatever destination", (t) => {
  const table = new ConnectionTable();
  const [one, two] = [connectionOf(there, 40_000), connectionOf(elsewhere, 40_000)];
  const inUse = (now: number): boolean => table.isInUse(40_000, now);
  const seen = [inUse(0)];
  table.add(one, 0);
  table.add(two, 0);
  table.remove(one);
  table.remove(one);
  seen.push(inUse(0));
  table.expire(two, 60, true);
  seen.push(inUse(59), inUse(60));
  t.deepEqual(seen, [false, true, true, false]);
});

test("Connections: those that expire are forgotten, however many there are", (t) => {
  const table = new ConnectionTable();
  for (let i = 0; i < 5000; i++) {
    const connection = connectionOf(there, 32_768 + i);
    table.add(connection, i);
    table.expire(connection, i + 10, true);
  }
  const left = (): number => [...table].length;
  t.is(left(), 10);
  t.false(table.isInUse(1, 5008));
  t.is(left(), 1);
  t.false(table.isInUse(1, 5009));
  t.is(left(), 0);
});

test("Connections: a port is not for sockets that do not connect until the last of its connections is forgotten", (t) => {
  const ports = new PortTable();
  const table = new ConnectionTable(ports.uses);
  const [one, two] = [connectionOf(there, 33_720), connectionOf(elsewhere, 33_720)];
  table.add(one, 0);
  table.add(two, 0);
  table.remove(one);
  const unused = (now: number): number => {
    table.forgetExpired(now);
    return ports.uses.nextFree(33_720)!;
  };
  const seen = [unused(0)];
  table.expire(two, 60, true);
  t.deepEqual([...seen, unused(59), unused(60)], [33_721, 33_721, 33_720]);
});

test("Connections: those that differ only in the local address are found and forgotten each by itself", (t) => {
  const table = new ConnectionTable();
  const [one, two] = [connectionOf(there, 40_000), connectionOf(there, 40_000, elsewhere)];
  table.add(one, 0);
  table.add(two, 0);
  const find = (local: Address) => table.find(local, 40_000, there, 80, 0);
  t.deepEqual([find(here) === one, find(elsewhere) === two, find(there), [...table].length], [true, true, null, 2]);
  table.remove(one);
  t.deepEqual([find(here), find(elsewhere) === two, table.isInUse(40_000, 0)], [null, true, true]);
  table.expire(two, 5, true);
  t.deepEqual(
    [table.find(elsewhere, 40_000, there, 80, 4) === two, table.find(elsewhere, 40_000, there, 80, 5)],
    [true, null],
  );
});

test("Connections: that no port is left from one address says nothing about another", (t) => {
  const [table, ports] = [new ConnectionTable(), new PortTable()];
  for (let port = 32_768; port <= 60_999; port++) {
    table.add(connectionOf(there, port), 0);
  }
  t.throws(() => table.ephemeralPort(ports, here, there, 80, 0), { message: /EADDRNOTAVAIL/ });
  t.is(table.ephemeralPort(ports, elsewhere, there, 80, 0), 33_720);
});
