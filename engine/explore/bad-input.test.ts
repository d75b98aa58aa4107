import test from "ava";
import {
  checkLinearizable,
  History,
  parseToken,
  registerModel,
  replay,
  requireLinearizable,
  requireSession,
} from "../index.ts";

const hostile: readonly unknown[] = [undefined, null, 10n, Symbol("s"), {}, Object.create(null), 5, "text", () => {}];

test("explore: arguments that make no sense are named at the call, whatever they are", async (t) => {
  const calls: Readonly<Record<string, (value: never) => unknown>> = {
    checkLinearizable: (value) => checkLinearizable(value, registerModel(0)),
    requireLinearizable: (value) => requireLinearizable(value, registerModel(0)),
    requireSession: (value) => requireSession(value, { kind: () => null, version: () => 0 }),
    "checkLinearizable model": (value) => checkLinearizable(new History(), value),
    parseToken: (value) => parseToken(value),
  };
  for (const [name, call] of Object.entries(calls)) {
    for (const value of hostile) {
      const error = t.throws(() => call(value as never), undefined, `${name} ${typeof value}`);
      t.regex(error?.message ?? "", /expected/, name);
    }
  }
  for (const value of hostile.slice(0, -1)) {
    await t.throwsAsync(replay(value as never, "s1:"), { instanceOf: TypeError, message: /^replay: expected/ });
  }
  t.throws(() => checkLinearizable(new History(), registerModel(0), Number.NaN), { instanceOf: RangeError });
});
