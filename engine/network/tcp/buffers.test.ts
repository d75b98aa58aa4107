import test from "ava";
import { RandomStream } from "../../base/random.ts";
import { ReceiveBuffer } from "./receive-buffer.ts";
import { SendBuffer } from "./send-buffer.ts";

/** `count` bytes whose values show their places. */
const stream = (count: number): Uint8Array => Uint8Array.from({ length: count }, (_, i) => (i * 7 + (i >> 8)) & 0xff);

test("SendBuffer: what is read at a place is what was written there, whatever the pieces", (t) => {
  for (let seed = 0; seed < 50; seed++) {
    const random = new RandomStream(seed, "send buffer");
    const all = stream(5000);
    const buffer = new SendBuffer(1);
    let written = 0;
    while (written < all.length || buffer.length > 0) {
      const count = Math.min(all.length - written, random.integer(0, 200));
      if (count > 0) {
        const data = all.slice(written, written + count + 5);
        buffer.append(data, count);
        data.fill(0);
        written += count;
      }
      t.is(buffer.end, written + 1);
      if (buffer.length > 0) {
        const place = random.integer(buffer.start, buffer.end - 1);
        const length = random.integer(1, buffer.end - place);
        t.deepEqual(buffer.read(place, length), all.subarray(place - 1, place - 1 + length));
        buffer.discardBefore(random.integer(buffer.start, written === all.length ? buffer.end : place));
      }
    }
  }
});

test("ReceiveBuffer: pieces that overlap and come in any order give the stream, each byte once", (t) => {
  for (let seed = 0; seed < 200; seed++) {
    const random = new RandomStream(seed, "receive buffer");
    const all = stream(2000);
    const buffer = new ReceiveBuffer(1);
    const received: number[] = [];
    while (received.length < all.length) {
      const behind = random.integer(0, 40);
      const start = Math.max(1, buffer.next + random.integer(0, 120) - behind);
      const end = Math.min(all.length + 1, start + random.integer(0, 60));
      buffer.insert(start, all.subarray(start - 1, Math.max(start - 1, end - 1)));
      if (random.chance(0.3)) {
        received.push(...buffer.take(random.integer(1, 100)));
      }
      t.is(buffer.next, received.length + buffer.length + 1);
    }
    t.deepEqual(received, [...all], `seed ${seed}`);
    t.false(buffer.hasGap);
  }
});

test("ReceiveBuffer: what is taken out is a copy, however the pieces came", (t) => {
  const data = stream(10);
  for (const limit of [3, 10, 100]) {
    const buffer = new ReceiveBuffer(1);
    buffer.insert(1, data);
    buffer.insert(11, data);
    for (let taken = buffer.take(limit); taken.length > 0; taken = buffer.take(limit)) {
      taken.fill(88);
    }
    buffer.insert(21, data);
    buffer.take(limit).fill(88);
  }
  t.deepEqual(data, stream(10));
});

test("ReceiveBuffer: a gap is reported until it is filled", (t) => {
  const buffer = new ReceiveBuffer(1);
  buffer.insert(4, stream(2));
  t.true(buffer.hasGap);
  t.is(buffer.next, 1);
  buffer.insert(1, stream(3));
  t.false(buffer.hasGap);
  t.is(buffer.next, 6);
  t.is(buffer.take(100).length, 5);
  t.is(buffer.take(100).length, 0);
});
