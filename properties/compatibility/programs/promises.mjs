import PQueue from "p-queue";
import pRetry, { AbortError } from "p-retry";
import { failureOf, work } from "./support.mjs";

export const library = "p-queue";
export const alsoUses = ["p-retry"];
export const about = "concurrency, priorities, intervals, time limits; p-retry with exponential back-off";

export default async function program() {
  const queue = new PQueue({ concurrency: 3, intervalCap: 5, interval: 100 });
  let running = 0;
  let most = 0;
  await queue.addAll(
    Array.from({ length: 20 }, (_, i) => async () => {
      most = Math.max(most, ++running);
      await work(30);
      running--;
      console.log("job", i);
    }),
  );
  console.log("most at once:", most);
  const order = [];
  const single = new PQueue({ concurrency: 1, autoStart: false });
  for (const priority of [0, 2, 1]) {
    single.add(async () => order.push(priority), { priority });
  }
  single.start();
  await single.onIdle();
  console.log(order.join());
  const slow = new PQueue({ timeout: 20 });
  console.log((await failureOf(slow.add(() => new Promise((resolve) => setTimeout(resolve, 100))))).name);
  const attempts = [];
  const result = await pRetry(
    async (attempt) => {
      attempts.push(attempt);
      await work(10);
      if (attempt < 4) {
        throw new Error("not yet");
      }
      return "done";
    },
    { minTimeout: 100, randomize: true },
  );
  console.log(result, attempts.join());
  console.log(
    (
      await failureOf(
        pRetry(() => {
          throw new AbortError("never");
        }),
      )
    ).message,
  );
}
