import test from "ava";
import { formatAddress, parseAddress } from "./ip-address.ts";

const canonical = (text: string): string | null => {
  const bytes = parseAddress(text);
  return bytes === null ? null : formatAddress(bytes);
};

test("Address: IPv4 addresses are four decimal bytes without leading zeros", (t) => {
  t.deepEqual(parseAddress("10.0.255.1"), Uint8Array.of(10, 0, 255, 1));
  for (const text of ["10.0.0", "10.0.0.1.2", "10.0.0.256", "10.0.0.01", "10.0.0.-1", "10.0.0.x", "10.0.0.", ""]) {
    t.is(canonical(text), null, text);
  }
});

test("Address: IPv6 addresses have the canonical text of RFC 5952", (t) => {
  const texts: Record<string, string> = {
    "::": "::",
    "::1": "::1",
    "2001:db8:0:0:0:0:0:1": "2001:db8::1",
    "2001:0DB8::0001": "2001:db8::1",
    "2001:db8:0:1:1:1:1:1": "2001:db8:0:1:1:1:1:1",
    "1:0:0:2:0:0:0:3": "1:0:0:2::3",
    "fe80:0:0:0:1:0:0:0": "fe80::1:0:0:0",
    "::ffff:10.1.2.3": "::ffff:a01:203",
    "1:2:3:4:5:6:7::": "1:2:3:4:5:6:7:0",
  };
  for (const [text, expected] of Object.entries(texts)) {
    t.is(canonical(text), expected, text);
  }
  for (const text of [
    ":",
    ":::",
    "1::2::3",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "12345::",
    "::g",
    "1:2:3:4:5:6:7:8::",
    "10.0.0.1::",
  ]) {
    t.is(canonical(text), null, text);
  }
});
