import "../../engine/node/index.ts";
import { simulate } from "../../engine/index.ts";

/** Plain JavaScript, which real Node runs as well. */
interface Runtime {
  /** Run a program to its end. @returns Its log: entries with the milliseconds since its start. */
  runSource(source: string): Promise<string[]>;
}

const { runSource } = (await import(new URL("real/runtime.mjs", import.meta.url).href)) as Runtime;

/** The log of a program, by its source, in the simulation. What ends the run ends the log. */
export async function simulatedLog(source: string): Promise<string[]> {
  const { value, error } = await simulate(() => runSource(source), { trace: "off" });
  return value ?? [`the run ended with ${String(error)}`];
}
