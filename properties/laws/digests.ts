import * as fc from "fast-check";
import { simulate } from "../../engine/index.ts";
import tcpServer from "../../scenarios/article/tcp-server.ts";
import { mainOf, programs } from "./programs.ts";

/**
 * Digests, printed texts and warnings of programs that are always the same: what must not depend on the process, the
 * Node version or the machine.
 */
export async function knownDigests(): Promise<string[]> {
  const digests: string[] = [];
  const sample = fc.sample(programs, { seed: 20, numRuns: 60 });
  for (const [seed, program] of sample.entries()) {
    const { digest, output, warnings, time, steps } = await simulate(mainOf(program), { seed });
    digests.push(`${digest} ${fc.hash(JSON.stringify([output, warnings, time, steps]))}`);
  }
  const { digest, output } = await simulate(tcpServer.main, { seed: "article" });
  digests.push(`${digest} ${fc.hash(output)}`);
  return digests;
}
