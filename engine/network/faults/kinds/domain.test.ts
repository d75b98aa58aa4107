import test from "ava";
import { RandomStream } from "../../../base/random.ts";
import { FAULT_KINDS, faultKinds } from "../fault-kinds.ts";
import { randomFaults } from "../random-faults.ts";
import { type Domain, mapped, multiplesAround0, multiplesFrom, oneOf } from "./domain.ts";

const all = <T>(domain: Domain<T>): T[] => Array.from({ length: domain.size }, (_, i) => domain.at(i));

test("Domains: each lists its values, the simplest first, as exact decimals", (t) => {
  t.deepEqual(all(oneOf("a", "b", "c")), ["a", "b", "c"]);
  t.deepEqual(all(multiplesFrom(0.1, 0.5, 0.1)), [0.1, 0.2, 0.3, 0.4, 0.5]);
  t.deepEqual(all(multiplesFrom(2, 2, 1)), [2]);
  t.deepEqual(all(multiplesAround0(0.3, 0.1)), [0, 0.1, -0.1, 0.2, -0.2, 0.3, -0.3]);
  t.deepEqual(all(mapped(multiplesFrom(1, 3, 1), (value) => `${value} s`)), ["1 s", "2 s", "3 s"]);
});

test("Random faults: every value of every domain is drawn, and no other", (t) => {
  for (const kind of FAULT_KINDS) {
    const values = new Map<string, Set<string>>();
    for (const draw of faultKinds[kind].draws) {
      for (const [name, domain] of Object.entries(draw as Record<string, Domain<unknown>>)) {
        const known = values.get(name) ?? new Set();
        values.set(name, new Set([...known, ...all(domain).map((value) => JSON.stringify(value) ?? "nothing")]));
      }
    }
    // The domain of a clock's drift has 2001 values: few of them are missed in so many draws.
    const options = { hosts: ["a", "b"], end: 1e6, kinds: [kind], meanGap: 30, meanDuration: 1 };
    const { faults } = randomFaults(new RandomStream(1, "domains"), options);
    for (const [name, possible] of values) {
      const drawn = new Set(
        faults.map((fault) => JSON.stringify((fault as unknown as Record<string, unknown>)[name]) ?? "nothing"),
      );
      const odd = [...drawn].filter((value) => !possible.has(value) && value !== "nothing");
      const missing = [...possible].filter((value) => !drawn.has(value));
      t.deepEqual([odd, missing], [[], []], `${kind} ${name}`);
    }
  }
});
