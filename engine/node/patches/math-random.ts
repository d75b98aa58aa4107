import { here } from "../loop/current.ts";

/** `Math.random` draws from the random stream `Math.random` of the run. */
export function patchMathRandom(): void {
  const { random } = Math;
  Math.random = () => {
    const process = here();
    return process === null ? random() : process.world.loop.random("Math.random").random();
  };
}
