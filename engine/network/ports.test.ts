import test from "ava";
import { type Address, AddressBook } from "./address.ts";
import { NetworkError } from "./errors.ts";
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
