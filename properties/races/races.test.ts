import test from "ava";
import { explore, replay } from "../../engine/index.ts";
import { plantedBugs } from "./index.ts";

const RUNS = 1000;

test("explore: finds every planted bug, as small as it can be, and its token replays it", async (t) => {
  const missed: string[] = [];
  const replays: number[] = [];
  for (const { name, broken, least, delays } of plantedBugs) {
    const vary = { delays: delays ?? 0 };
    const { failure } = await explore(broken, { runs: RUNS, vary });
    const again = failure && (await replay(broken, failure.token, { vary, trace: "off" }));
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
  const median = replays.sort((a, b) => a - b)[replays.length >>> 1] as number;
  t.true(median <= 50, `median ${median}`);
});

test("explore: finds nothing in the corrected twins", async (t) => {
  const alarms: string[] = [];
  for (const { name, fixed, delays } of plantedBugs) {
    const report = await explore(fixed, { runs: RUNS, vary: { delays: delays ?? 0 } });
    if (report.failure !== undefined) {
      alarms.push(`${name}: ${report}`);
    }
  }
  t.deepEqual(alarms, []);
});
