import test from "ava";
import { explore, replay } from "../../engine/index.ts";
import { plantedBugs } from "./index.ts";
import { exploreOptionsOf } from "./planted-race.ts";

const RUNS = 1000;

test("explore: finds every planted bug, as small as it can be, and its token replays it", async (t) => {
  const missed: string[] = [];
  const replays: number[] = [];
  for (const bug of plantedBugs) {
    const { name, broken, least } = bug;
    const options = exploreOptionsOf(bug);
    const { failure } = await explore(broken, { ...options, runs: RUNS });
    const again = failure && (await replay(broken, failure.token, { ...options, trace: "off" }));
    const size = failure?.deviations.length ?? 0;
    if (
      size === 0 ||
      size !== (least ?? size) ||
      !failure?.certificate.isComplete ||
      again?.failure?.kind !== failure.kind
    ) {
      missed.push(`${name}: ${failure?.kind}, ${size} deviations`);
    }
    replays.push(failure?.replays ?? Number.POSITIVE_INFINITY);
  }
  t.deepEqual(missed, []);
  t.true(plantedBugs.length >= 30);
  const median = replays.sort((a, b) => a - b)[replays.length >>> 1]!;
  t.true(median <= 50, `median ${median}`);
});

test("explore: finds nothing in the corrected twins", async (t) => {
  const alarms: string[] = [];
  for (const bug of plantedBugs) {
    const { name, fixed } = bug;
    const report = await explore(fixed, { ...exploreOptionsOf(bug), runs: RUNS });
    if (report.failure !== undefined) {
      alarms.push(`${name}: ${report}`);
    }
  }
  t.deepEqual(alarms, []);
});
