import { Readable, Writable } from "node:stream";
import test from "ava";
import { simloop } from "../cli.ts";

class Sink extends Writable {
  text = "";

  override _write(chunk: Buffer | string, _encoding: string, done: () => void): void {
    this.text += String(chunk);
    done();
  }
}

const call = async (argv: readonly string[], typed?: readonly string[]) => {
  const [stdout, stderr] = [new Sink(), new Sink()];
  const lines = typed === undefined ? {} : { lines: () => Readable.from(typed) };
  const code = await simloop(["debug", ...argv], { stdout, stderr, ...lines });
  return { code, out: stdout.text.replace(/0\.1\.0-[0-9a-f]{8}/g, "STAMP"), err: stderr.text };
};

test("simloop debug: forwards, backwards, to a touch, to the end", async (t) => {
  const { code, out, err } = await call([
    "lost-update",
    "--exec",
    "step; touch account; back; next refund; values; end; step",
  ]);
  t.deepEqual([code, err], [0, ""]);
  t.is(
    out,
    `step 0 of 12: at the beginning
next, at 0 s: main#1
step 1 of 12: main#1 at 0 s: writes Task salary, writes Task refund, writes GatheringFuture main:2
next, at 0 s: salary#1
step 2 of 12: salary#1 at 0 s, because of main#1: reads account.balance
next, at 0 s: refund#1  salary#2
step 1 of 12: main#1 at 0 s: writes Task salary, writes Task refund, writes GatheringFuture main:2
next, at 0 s: salary#1
step 3 of 12: refund#1 at 0 s, because of main#1
next, at 0 s: salary#2  refund#2
  account = {"balance":0}
| balance 42
step 12 of 12: main!1 at 0 s, because of main#2
the end: it passes
this is the end
`,
  );
});

test("simloop debug: another ready step makes a run of its own, whose token debugs it again", async (t) => {
  const { out } = await call(["lost-update", "--exec", "goto 5; ready; pick 2; end; token"]);
  const token = out.split("\n").at(-2)!.replace(";STAMP", "");
  t.regex(out, /a run of its own: s1:/);
  const again = await call(["lost-update", token, "--exec", "end"]);
  t.is(again.out.split("\n").slice(-4).join("\n"), out.split("\n").slice(-5, -2).concat("").join("\n"));
});

test("simloop debug: reads commands from the standard input, up to quit", async (t) => {
  const { code, out } = await call(["lost-update"], ["s", "", "  q ", "end"]);
  t.is(code, 0);
  t.is(out.split("\n").length, 5);
});

test("simloop debug: tasks have their await stacks with the lines of their sources", async (t) => {
  const { out } = await call(["dns-failover", "--exec", "step 3; tasks; why; list 1; output"]);
  t.regex(out, /\n {2}main[^\n]*: waits for [^\n]+\n {4}at [^\n]+dns-failover\.ts:\d+:\d+\)\n {8}\S/);
});

test("simloop debug: what it does not understand is said, and the session goes on", async (t) => {
  const exec = "stp; pick; pick 9; pick x#1; goto soon; ready now; touch nothing; step";
  const { code, out, err } = await call(["lost-update", "--exec", exec]);
  t.is(code, 0);
  t.deepEqual(err.split("\n").slice(0, -1), [
    "unknown command 'stp'; did you mean step? help lists all",
    "pick: expected <step>",
    "pick: expected a step that is ready, got 9; ready lists them",
    'pick: expected a step that may run after 0 steps (main#1), got "x#1"',
    "expected a number of steps, got 'soon'",
    "ready: expected no argument, got 'now'",
  ]);
  t.regex(out, /no step touches nothing; steps touch .*account\.balance/);
  t.regex(out, /step 1 of 12/);
});

test("simloop debug: without a standard input, and with a token that is malformed, it is wrong usage", async (t) => {
  t.deepEqual(
    (await call(["lost-update"])).err,
    "simloop: debug reads commands from the standard input; expected --exec without one\n",
  );
  t.is((await call(["lost-update", "nonsense", "--exec", "end"])).code, 2);
});
