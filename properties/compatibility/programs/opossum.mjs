import CircuitBreaker from "opossum";
import { work } from "./support.mjs";

export const library = "opossum";
export const about = "a breaker that opens, half-opens and closes; time limits, fallback, capacity, rolling statistics";

export default async function program() {
  let isDown = false;
  const call = async (name) => {
    await work(10);
    if (isDown) {
      throw new Error("down");
    }
    return name;
  };
  const breaker = new CircuitBreaker(call, {
    timeout: 50,
    errorThresholdPercentage: 50,
    resetTimeout: 1000,
    volumeThreshold: 3,
  });
  breaker.fallback((_name, error) => `fallback: ${error.message}`);
  for (const event of ["open", "halfOpen", "close"]) {
    breaker.on(event, () => console.log("event", event));
  }
  console.log(await breaker.fire("a"));
  isDown = true;
  for (let i = 0; i < 5; i++) {
    console.log(await breaker.fire(`b${i}`));
  }
  isDown = false;
  await new Promise((resolve) => setTimeout(resolve, 1200));
  console.log(await breaker.fire("c"), breaker.opened);
  console.log(breaker.stats.fires, breaker.stats.failures > 0);
  const slow = new CircuitBreaker(() => new Promise((resolve) => setTimeout(resolve, 500)), { timeout: 50 });
  console.log(await slow.fire().catch(({ code }) => code));
  breaker.shutdown();
  slow.shutdown();
}
