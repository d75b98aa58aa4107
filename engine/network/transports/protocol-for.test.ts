import test from "ava";
import { simulate } from "../../simulation.ts";
import { sleep } from "../../tasks/sleep.ts";
import { getRunningLoop } from "../event-loop.ts";
import { Protocol } from "./contract.ts";

test("Protocol: methods that are coroutine functions, which a call does not run, are refused, and so is what is not a protocol", async (t) => {
  class Forgetful extends Protocol {
    override *dataReceived(): Generator<unknown, undefined> {
      yield* sleep(1);
    }
  }
  const lines: string[] = [];
  const { warnings } = await simulate(
    function* () {
      const loop = getRunningLoop();
      yield* loop.createServer(() => new Forgetful(), "127.0.0.1", 80);
      yield* loop.createServer(() => new Protocol(), "127.0.0.1", 81);
      const [transport] = yield* loop.createConnection(() => new Protocol(), "127.0.0.1", 80);
      for (const attempt of [
        () => loop.createConnection(() => new Forgetful(), "127.0.0.1", 81),
        () => loop.createConnection(() => undefined as never, "127.0.0.1", 81),
        () => transport.setProtocol(new Forgetful()),
      ]) {
        try {
          yield attempt();
        } catch (error) {
          lines.push(String(error));
        }
      }
    },
    { trace: "off" },
  );
  const refusal =
    "Forgetful.dataReceived: expected a plain function, got the GeneratorFunction dataReceived, which a mere call does not run; use createTask";
  t.deepEqual(lines, [
    `TypeError: createConnection: ${refusal}`,
    "TypeError: createConnection: expected a protocol, got undefined",
    `TypeError: setProtocol: ${refusal}`,
  ]);
  t.deepEqual(
    warnings
      .filter((warning) => !warning.startsWith("unclosed"))
      .map((warning) => warning.split("\n").filter((line) => /^Error on|^TypeError/.test(line))),
    [["Error on transport creation for incoming connection", `TypeError: createServer: ${refusal}`]],
  );
});
