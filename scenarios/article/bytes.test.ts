import test from "ava";
import { encode, formatBytes } from "../../engine/index.ts";
import { areEqual, search } from "./bytes.ts";

const groups = (pattern: RegExp, data: Uint8Array): string[] | undefined => search(pattern, data)?.map(formatBytes);

test("Bytes: a search returns the bytes of the match and of its groups", (t) => {
  t.deepEqual(groups(/GET (.*) HTTP\/1.1/, encode("xGET /a b HTTP/1.1 HTTP/1.1\r\nGET / HTTP/1.1")), [
    "b'GET /a b HTTP/1.1 HTTP/1.1'",
    "b'/a b HTTP/1.1'",
  ]);
  t.deepEqual(groups(/b(c)?/, encode("abd")), ["b'b'", "b''"]);
  t.is(search(/x/, encode("abc")), null);
});

test("Bytes: what is not UTF-8 comes through a search unchanged", (t) => {
  const data = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  t.deepEqual(search(/^[\s\S]*$/, data)?.[0], data);
});

test("Bytes: equal are those of the same length and content", (t) => {
  const a = encode("/block");
  t.deepEqual(
    [areEqual(a, encode("/block")), areEqual(a, encode("/block/")), areEqual(a, encode("/blocK"))],
    [true, false, false],
  );
});
