import test from "ava";
import { simulate } from "../../simulation.ts";
import { sleep } from "../../tasks/sleep.ts";
import { type EventLoop, getRunningLoop } from "../event-loop.ts";
import type { Network } from "../network.ts";

type Steps<T = void> = Generator<unknown, T, unknown>;
type Log = (...words: unknown[]) => void;

/** What `program` logs, each line with its time. */
async function logOf(program: (log: Log, network: Network, loop: EventLoop) => Steps): Promise<string[]> {
  const lines: string[] = [];
  const { error, warnings } = await simulate(
    function* (): Steps {
      const loop = getRunningLoop();
      const log: Log = (...words) => lines.push([Number(loop.time().toFixed(4)), ...words].join(" "));
      yield* program(log, loop.network, loop);
    },
    { trace: "off" },
  );
  return [...lines, ...(error === undefined ? [] : [String(error)]), ...warnings];
}

/** How `call` fails. */
function failureOf(call: () => unknown): string {
  try {
    call();
    return "fine";
  } catch (error) {
    return String(error);
  }
}

test("Host: what its state does not allow is refused, and changes nothing", async (t) => {
  const lines = await logOf(function* (log, network) {
    const host = network.host("a");
    const tries = (): void => {
      const calls = { resume: () => host.resume(), restart: () => host.restart(), pause: () => host.pause() };
      const failures = Object.entries(calls).map(([name, call]) => `${name}: ${failureOf(call)}`);
      log(host.state, failures.join("; "));
    };
    tries();
    tries();
    host.crash();
    log(failureOf(() => host.crash()));
    log(failureOf(() => host.run(sleep(1))));
    tries();
    tries();
    log(JSON.stringify(host), host);
    yield* sleep(0);
  });
  t.deepEqual(lines, [
    "0 paused resume: RuntimeError: <Host a> is running, not paused; restart: RuntimeError: <Host a> is not down; crash it first; pause: fine",
    "0 paused resume: fine; restart: RuntimeError: <Host a> is not down; crash it first; pause: fine",
    "0 RuntimeError: <Host a down> is down already",
    "0 RuntimeError: <Host a down> is down and runs nothing; restart it first",
    "0 paused resume: RuntimeError: <Host a down> is down, not paused; restart: fine; pause: fine",
    "0 paused resume: fine; restart: RuntimeError: <Host a> is not down; crash it first; pause: fine",
    '0 {"name":"a","state":"paused","addresses":["10.0.0.1","fd00::1"]} <Host a paused>',
  ]);
});

test("Host: addresses are given out in order, without those that end in 0 or 255 and those that are taken", async (t) => {
  const lines = await logOf(function* (log, network) {
    network.host("taken", { addresses: ["10.0.1.2"] });
    const addresses: string[] = [];
    for (let i = 0; i < 520; i++) {
      addresses.push(...network.host(`h${i}`).addresses);
    }
    const v4 = addresses.filter((address) => address.includes("."));
    log(v4.slice(0, 2), v4.slice(252, 257), v4.slice(506, 509));
    log(addresses.filter((address) => address.includes(":")).slice(252, 257));
    yield* sleep(0);
  });
  t.deepEqual(lines, [
    "0 10.0.0.1,10.0.0.2 10.0.0.253,10.0.0.254,10.0.1.1,10.0.1.3,10.0.1.4 10.0.1.254,10.0.2.1,10.0.2.2",
    "0 fd00::fd,fd00::fe,fd00::101,fd00::103,fd00::104",
  ]);
});

test("Host: what was ready on a paused host runs in order when it goes on, and not at all if it crashes instead", async (t) => {
  const program = (end: "resume" | "crash") =>
    logOf(function* (log, network, loop) {
      const host = network.host("a");
      host.boot(function* (): Steps {
        for (const name of ["one", "two", "three"]) {
          loop.callLater(1, () => log(name));
        }
        for (let i = 0; ; i++) {
          yield* sleep(0.4);
          log("tick", i);
        }
      });
      yield* sleep(0.5);
      host.pause();
      yield* sleep(1.5);
      log(host.state);
      host[end]();
      yield* sleep(0.5);
      log("end");
    });
  t.deepEqual(await program("resume"), [
    "0.4 tick 0",
    "2 paused",
    "2 tick 1",
    "2 one",
    "2 two",
    "2 three",
    "2.4 tick 2",
    "2.5 end",
  ]);
  t.deepEqual(await program("crash"), ["0.4 tick 0", "2 paused", "2.5 end"]);
});

test("Host: a program that was booted runs again after each restart, and no task of before does", async (t) => {
  const lines = await logOf(function* (log, network) {
    const host = network.host("a");
    let lives = 0;
    host.boot(
      function* (): Steps {
        const life = ++lives;
        for (;;) {
          yield* sleep(1);
          log("life", life);
        }
      },
      { name: "main" },
    );
    for (let i = 0; i < 2; i++) {
      yield* sleep(1.5);
      host.crash();
      yield* sleep(1);
      host.restart();
    }
    yield* sleep(1.5);
  });
  t.deepEqual(lines, ["1 life 1", "3.5 life 2", "6 life 3"]);
});
