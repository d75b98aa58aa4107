import { realpath } from "node:fs/promises";
import { UsageError } from "./failures.ts";
import { STANDARD_OUTPUT } from "./open-output.ts";

/** @throws UsageError if the output would take the place of one of the inputs. */
export async function requireOtherFile(output: string | undefined, inputs: readonly string[]): Promise<void> {
  if (output === undefined || output === STANDARD_OUTPUT) {
    return;
  }
  const real = await realOf(output);
  for (const input of inputs) {
    if ((await realOf(input)) === real) {
      throw new UsageError(`-o ${output} is the file that is read; expected another one`);
    }
  }
}

const realOf = (path: string): Promise<string> => realpath(path).catch(() => path);
