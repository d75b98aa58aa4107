import { NetworkError, type Program } from "../../engine/index.ts";
import { runReal } from "../../engine/real/index.ts";
import { judgeBackground } from "./background-failures.ts";
import type { CommandIo } from "./command-io.ts";
import { ScenarioFailure, UsageError } from "./failures.ts";
import { errorReport } from "./load/error-text.ts";
import { findConfigured } from "./param-option.ts";
import type { RunChoice } from "./traced-run.ts";

/** How to run a scenario on real sockets. */
interface RealRunChoice extends RunChoice {
  readonly strict?: boolean;
}

/**
 * Run the scenario `called` on the real clock and real sockets: what it prints, and what Python would warn of, comes as
 * it happens.
 *
 * Ctrl-C, a broken standard output and `until` cancel it, so that it can close what it has opened.
 *
 * @throws UsageError if the scenario is unknown, or it needs simulated hosts; ScenarioFailure; the reason of whatever
 * ended it.
 */
export async function runOnRealSockets(
  called: string,
  { seed, param, until, stack, strict }: RealRunChoice,
  { out, err, signal }: CommandIo,
): Promise<void> {
  const { main, real = main, network, options = {} } = await findConfigured(called, param);
  if (param !== undefined && real !== main) {
    throw new UsageError(`${called} runs another program with --real, which takes no parameters; expected no --param`);
  }
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
  const reports: string[] = [];
  try {
    // An async function needs no loop of simloop's in real time; runReal says what it takes instead.
    await runReal(real as Program<unknown>, {
      seed: seed ?? options.seed ?? 0,
      ...(until === undefined ? {} : { until }),
      output: (text) => out.write(text),
      errorOutput: (report) => {
        reports.push(report);
        err.say(`${report}\n`);
      },
      signal: endedBy,
    });
  } catch (error) {
    endedBy.throwIfAborted();
    throw new ScenarioFailure(report(called, error, stack), { cause: error });
  }
  judgeBackground(called, reports, strict, err);
}

/** What failed, and where; what the network refuses is not a defect of a program, and takes one line. */
function report(called: string, error: unknown, stack: boolean | undefined): string {
  if (error instanceof NetworkError) {
    return `${called} failed: ${error.message}`;
  }
  return [`${called} failed`, ...errorReport(error, { stack })].join("\n  ");
}
