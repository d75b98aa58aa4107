import test from "ava";
import { RandomStream } from "../../base/random.ts";
import { Scoreboard } from "./scoreboard.ts";

test("Scoreboard: ranges in any order, overlapping, touching and forgotten, answer as a set of bytes would", (t) => {
  for (let seed = 0; seed < 60; seed++) {
    const random = new RandomStream(seed, "scoreboard");
    const scoreboard = new Scoreboard();
    const has = new Set<number>();
    let base = 0;
    for (let step = 0; step < 40; step++) {
      const start = base + random.integer(0, 80);
      const end = start + random.integer(1, 15);
      let news = 0;
      for (let place = start; place < end; place++) {
        news += Number(!has.has(place));
        has.add(place);
      }
      t.is(scoreboard.add(start, end), news);
      if (random.chance(0.2)) {
        base += random.integer(0, 10);
        scoreboard.discardBefore(base);
        for (const place of [...has]) {
          if (place < base) {
            has.delete(place);
          }
        }
      }
      t.is(scoreboard.bytes, has.size);
      t.is(scoreboard.highest, has.size === 0 ? -1 : Math.max(...has) + 1);
      for (let place = base; place < base + 100; place++) {
        let missingFrom = place;
        while (has.has(missingFrom)) {
          missingFrom++;
        }
        t.is(scoreboard.missingFrom(place), missingFrom);
        if (!has.has(place)) {
          const behind = [...has].filter((each) => each > place);
          t.is(scoreboard.gapEnd(place), Math.min(...behind));
        }
      }
      const [from, to] = [base + random.integer(0, 50), base + random.integer(0, 100)];
      t.is(scoreboard.missing(from, to), Math.max(0, to - from) - [...has].filter((p) => p >= from && p < to).length);
    }
    scoreboard.clear();
    t.deepEqual([scoreboard.bytes, scoreboard.highest], [0, -1]);
  }
});

test("Scoreboard: lost is what has three ranges, or more than two segments, behind it", (t) => {
  const scoreboard = new Scoreboard();
  const lost = (): number => scoreboard.lostBefore(100, 3);
  t.is(lost(), -1);
  scoreboard.add(1000, 1200);
  t.is(lost(), -1);
  scoreboard.add(1200, 1201);
  t.is(lost(), 1000);
  scoreboard.clear();
  scoreboard.add(10, 11);
  scoreboard.add(20, 21);
  t.is(lost(), -1);
  scoreboard.add(30, 31);
  t.is(lost(), 10);
  scoreboard.add(500, 700);
  t.is(lost(), 30);
  scoreboard.add(700, 701);
  t.is(lost(), 500);
});
