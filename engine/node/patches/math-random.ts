import { here } from "../loop/current.ts";
import { realms } from "../loop/realms.ts";

/** `Math.random` draws from the random stream `Math.random` of the run. */
export function patchMathRandom(): void {
  for (const { Math: owner } of realms) {
    const { random } = owner;
    owner.random = () => {
      const process = here();
      return process === null ? random() : process.world.loop.random("Math.random").random();
    };
  }
}
