import test from "ava";
import { AddressBook } from "./address.ts";
import { SocketAddress } from "./socket-address.ts";

const KINDS = ["isLoopback", "isUnspecified", "isMulticast", "isBroadcast", "isMapped"] as const;

test("Addresses: each is of the kinds that its ranges say", (t) => {
  const book = new AddressBook();
  const kindsOf = (text: string): string => {
    const address = book.get(text);
    const kinds = KINDS.filter((kind) => address[kind]).map((kind) => kind.slice(2).toLowerCase());
    return [text, address.family, ...kinds].join(" ");
  };
  const texts = [
    ...["10.0.0.1", "126.255.255.255", "127.0.0.1", "127.255.255.255", "128.0.0.0", "0.0.0.0", "0.0.0.1"],
    ...["223.255.255.255", "224.0.0.0", "239.255.255.255", "240.0.0.0", "255.255.255.254", "255.255.255.255"],
    ...["::", "::1", "::2", "fe80::1", "ff00::", "feff::1", "::ffff:10.0.0.1", "::fffe:10.0.0.1", "::1:ffff:10.0.0.1"],
  ];
  t.deepEqual(texts.map(kindsOf), [
    "10.0.0.1 4",
    "126.255.255.255 4",
    "127.0.0.1 4 loopback",
    "127.255.255.255 4 loopback",
    "128.0.0.0 4",
    "0.0.0.0 4 unspecified",
    "0.0.0.1 4",
    "223.255.255.255 4",
    "224.0.0.0 4 multicast",
    "239.255.255.255 4 multicast",
    "240.0.0.0 4",
    "255.255.255.254 4",
    "255.255.255.255 4 broadcast",
    ":: 6 unspecified",
    "::1 6 loopback",
    "::2 6",
    "fe80::1 6",
    "ff00:: 6 multicast",
    "feff::1 6",
    "::ffff:10.0.0.1 6 mapped",
    "::fffe:10.0.0.1 6",
    "::1:ffff:10.0.0.1 6",
  ]);
});

test("Addresses: texts of the same address mean the same object, numbered in order of first use", (t) => {
  const book = new AddressBook();
  const [first, second] = [book.get("fd00::1"), book.get("10.0.0.1")];
  t.is(book.get("FD00:0:0::1"), first);
  t.is(book.find("10.0.0.1"), second);
  t.is(book.find("10.0.0"), null);
  t.deepEqual([first.id, second.id, String(first), book.list("test", ["10.0.0.1"])], [0, 1, "fd00::1", [second]]);
  t.deepEqual([[...second.bytes], first.bytes.length], [[10, 0, 0, 1], 16]);
});

test("Socket addresses: they read as Python's tuples, and take apart into host and port", (t) => {
  const [v4, v6] = [new SocketAddress("10.0.0.1", 80, 4), new SocketAddress("fd00::1", 80, 6)];
  t.deepEqual([String(v4), String(v6)], ["('10.0.0.1', 80)", "('fd00::1', 80, 0, 0)"]);
  t.deepEqual([[...v4].join(), [...v6].join()], ["10.0.0.1,80", "fd00::1,80"]);
  const others = [
    ["10.0.0.1", 80],
    ["10.0.0.1", 81],
    ["10.0.0.2", 80],
  ] as const;
  t.deepEqual(
    others.map(([host, port]) => v4.equals(new SocketAddress(host, port, 4))),
    [true, false, false],
  );
});
