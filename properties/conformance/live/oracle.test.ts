import process from "node:process";
import test from "ava";
import type { Op } from "../dsl/program.ts";
import { findPython } from "./find-python.ts";
import { Oracle, OracleError } from "./oracle.ts";

test("Conformance: a Python that dies is an error with its last words, not a run that hangs", async (t) => {
  for (const command of [process.execPath, "no-such-python"]) {
    using oracle = new Oracle({ command, version: "3.13.0" });
    const verdicts = oracle.generate({ from: 0, to: 3 }, undefined);
    await t.throwsAsync(verdicts.next(), { instanceOf: OracleError, message: /^Python ended too early: ./ });
  }
});

test("Conformance: a program that CPython cannot run comes back with the reason, and the next one is answered", async (t) => {
  const python = findPython();
  if ("missing" in python) {
    t.log(`skipped: ${python.missing}`);
    t.pass();
    return;
  }
  using oracle = new Oracle(python);
  const program = { dsl: 1, seed: 0, clock_resolution: 1e-9, objects: [], main: [] } as const;
  const endless = { ...program, main: [{ id: 1, op: "sleep", d: 1e9 } as Op] };
  const [bad, good] = [await oracle.run(endless), await oracle.run(program)];
  t.is(bad.trace, null);
  t.regex(bad.error!, /^PassLimit: next timer at 1000000000\.0 is beyond/);
  t.deepEqual(good.trace, [
    '[0,"main","body:main","begin"]',
    '[0,"main","body:main",["ok",null]]',
    '[0,null,"loop:shutdown",[]]',
    '[0,null,"final:main",["ok",null,0]]',
  ]);
});
