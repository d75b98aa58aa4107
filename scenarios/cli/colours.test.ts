import test from "ava";
import { wantsColours } from "./colours.ts";

test("wantsColours: FORCE_COLOR decides, then NO_COLOR, then the terminal", (t) => {
  const terminal = { isTTY: true, hasColors: () => true };
  const poor = { isTTY: true, hasColors: () => false };
  const pipe = {};
  t.deepEqual(
    [
      {},
      { NO_COLOR: "1" },
      { NO_COLOR: "" },
      { FORCE_COLOR: "1", NO_COLOR: "1" },
      { FORCE_COLOR: "" },
      { FORCE_COLOR: "0" },
    ].map((environment) => [terminal, poor, pipe].map((stream) => wantsColours(stream, environment))),
    [
      [true, false, false],
      [false, false, false],
      [true, false, false],
      [true, true, true],
      [true, true, true],
      [false, false, false],
    ],
  );
});
