import test from "ava";
import { nearestName, unknownName } from "./unknown-name.ts";

const known = ["seed", "start", "timeZone", "maxSteps", "maxTime", "end", "hosts"];

test("unknownName: a misspelt name leads to the nearest known one", (t) => {
  const meant = ["sead", "sed", "Start", "tmieZone", "maxstep", "ends", "host", "timezone", "seeds"].map((name) =>
    nearestName(name, known),
  );
  t.deepEqual(meant, ["seed", "seed", "start", "timeZone", "maxSteps", "end", "hosts", "timeZone", "seed"]);
});

test("unknownName: a name that resembles none of them is answered with the list", (t) => {
  t.deepEqual(
    ["x", "", "frobnicate", "e".repeat(100_000)].map((name) => nearestName(name, known)),
    [undefined, undefined, undefined, undefined],
  );
  t.is(unknownName("option", "sead", known), "unknown option 'sead'; did you mean 'seed'?");
  t.is(unknownName("host", "srv", ["localhost"]), "unknown host 'srv' (known: localhost)");
  t.is(unknownName("host", "srv", []), "unknown host 'srv'");
});

test("unknownName: of equally similar names the first is proposed", (t) => {
  t.is(nearestName("lot", ["lost", "loot"]), "lost");
});
