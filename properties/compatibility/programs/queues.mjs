import async from "async";
import Bottleneck from "bottleneck";
import { createPool } from "generic-pool";
import { LRUCache } from "lru-cache";
import pLimit from "p-limit";
import { work } from "./support.mjs";

export const library = "bottleneck";
export const alsoUses = ["p-limit", "async", "generic-pool", "lru-cache"];
export const about = "rates and reservoirs, limits, async.queue and auto, pools with time limits, caches that expire";

export default async function program() {
  const limiter = new Bottleneck({ maxConcurrent: 2, minTime: 25 });
  const start = Date.now();
  await Promise.all(
    Array.from({ length: 8 }, (_, i) =>
      limiter.schedule(async () => {
        await work(20);
        console.log("limited", i);
      }),
    ),
  );
  console.log(Date.now() - start >= 175);
  const limit = pLimit(2);
  console.log(
    (
      await Promise.all(
        Array.from({ length: 6 }, (_, i) =>
          limit(async () => {
            await work(10);
            return i;
          }),
        ),
      )
    ).join(),
  );
  const queue = async.queue(async (task) => {
    await work(10);
    console.log("task", task);
  }, 2);
  queue.push([1, 2, 3, 4]);
  await queue.drain();
  console.log(JSON.stringify(await async.auto({ a: async () => 1, b: ["a", async ({ a }) => a + 1] })));
  console.log(
    await async.retry({ times: 3, interval: 50 }, async () => {
      if (Math.random() < 0.1) throw new Error("again");
      return "retried";
    }),
  );
  let made = 0;
  const pool = createPool(
    {
      create: async () => {
        await work(10);
        return ++made;
      },
      destroy: async () => {},
    },
    { max: 2, acquireTimeoutMillis: 500, evictionRunIntervalMillis: 100, idleTimeoutMillis: 200 },
  );
  await Promise.all(Array.from({ length: 6 }, () => pool.use(() => work(20))));
  console.log("made", made <= 2, pool.size <= 2);
  await new Promise((resolve) => setTimeout(resolve, 500));
  console.log("evicted", pool.size);
  await pool.drain();
  await pool.clear();
  const cache = new LRUCache({ max: 10, ttl: 100 });
  cache.set("key", "value");
  await new Promise((resolve) => setTimeout(resolve, 50));
  console.log(cache.get("key"));
  await new Promise((resolve) => setTimeout(resolve, 60));
  console.log(cache.get("key"));
  console.log(
    await new LRUCache({
      max: 5,
      fetchMethod: async (key) => {
        await work(5);
        return key.toUpperCase();
      },
    }).fetch("fetched"),
  );
}
