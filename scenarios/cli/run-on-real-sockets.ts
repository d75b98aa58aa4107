import { NetworkError, type Program } from "../../engine/index.ts";
import { runReal } from "../../engine/real/index.ts";
import type { CommandIo } from "./command-io.ts";
import { ScenarioFailure, UsageError } from "./failures.ts";
import { errorPlace } from "./load/error-place.ts";
import { errorText } from "./load/error-text.ts";
import { findScenario } from "./load/find-scenario.ts";
import type { RunChoice } from "./traced-run.ts";

/**
 * Run the scenario `called` on the real clock and real sockets: what it prints, and what Python would warn of, comes as it happens.
 *
 * Ctrl-C, a broken standard output and `until` cancel it, so that it can close what it has opened.
 *
 * @throws UsageError if there is no such scenario, or it needs simulated hosts; ScenarioFailure; the reason of whatever ended it.
 */
export async function runOnRealSockets(
  called: string,
  { seed, until }: RunChoice,
  { out, err, signal }: CommandIo,
): Promise<void> {
  const { main, real = main, network, options = {} } = await findScenario(called);
  if (real === main && (network ?? options.network) !== undefined) {
    throw new UsageError(
      `${called} has a simulated network of its own, which this machine is not; expected a scenario without one with --real`,
    );
  }
  if (err.isTerminal) {
    err.write(`${called} runs in real time; Ctrl-C ends it\n`);
    signal.addEventListener("abort", () => err.write("it is closing; Ctrl-C again ends it at once\n"), { once: true });
  }
  const endedBy = AbortSignal.any([signal, out.broken]);
  try {
    // An async function needs no loop of simloop's in real time; runReal says what it takes instead.
    await runReal(real as Program<unknown>, {
      seed: seed ?? options.seed ?? 0,
      ...(until === undefined ? {} : { until }),
      output: (text) => out.write(text),
      errorOutput: (report) => err.say(`${report}\n`),
      signal: endedBy,
    });
  } catch (error) {
    endedBy.throwIfAborted();
    throw new ScenarioFailure(report(called, error), { cause: error });
  }
}

/** What failed, and where; what the network refuses is no defect of a program, and said in a line. */
function report(called: string, error: unknown): string {
  if (error instanceof NetworkError) {
    return `${called} failed: ${error.message}`;
  }
  const place = errorPlace(error);
  const lines = [`${called} failed`, ...errorText(error).split("\n"), ...(place === undefined ? [] : [`at ${place}`])];
  return lines.join("\n  ");
}
