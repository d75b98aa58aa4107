import "../index.ts";
import test from "ava";
import { simulate } from "../../simulation.ts";
import { real } from "./real.ts";

/** As Node's own modules have it: a `setImmediate` from before it was replaced. */
const { setImmediate: nodes } = real;

test("Immediates of Node's own modules come in the check phase of the simulation", async (t) => {
  const { output, error } = await simulate(async () => {
    setTimeout(() => console.log("timeout"), 1);
    await new Promise<void>((resolve) => {
      nodes((value: string) => {
        console.log(value, performance.now());
        nodes(() => {
          console.log("immediate of an immediate");
          resolve();
        });
      }, "immediate");
      setImmediate(() => console.log("replaced immediate"));
      process.nextTick(() => console.log("tick"));
    });
    await new Promise((resolve) => setTimeout(resolve, 5));
  });
  t.is(error, undefined);
  t.is(output, "tick\nreplaced immediate\nimmediate 0\nimmediate of an immediate\ntimeout\n");
});

test("Immediates of code outside of the simulation stay outside, also if it runs while a run is in progress", async (t) => {
  const places: string[] = [];
  const { error } = await simulate(
    async () => {
      console.log("written by the program, received by the caller");
      await new Promise((resolve) => setTimeout(resolve, 1000));
      places.push("end of the program");
    },
    { output: () => setImmediate(() => places.push("immediate of the caller")) },
  );
  await new Promise((resolve) => setImmediate(resolve));
  t.is(error, undefined);
  t.deepEqual(places, ["end of the program", "immediate of the caller"]);
});
