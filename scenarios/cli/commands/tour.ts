import type { Command } from "commander";
import { articleScenarios } from "../../index.ts";
import { columns } from "../columns.ts";
import type { CommandIo } from "../command-io.ts";
import { failureReport } from "../failure-report.ts";
import { ScenarioFailure } from "../failures.ts";
import { runScenario } from "../run-scenario.ts";

/**
 * What `simloop` without a command does: run the article's scenarios, each under its title, and show the help in brief.
 */
export async function tour(program: Command, io: CommandIo): Promise<void> {
  const { out } = io;
  for (const scenario of await articleScenarios()) {
    out.write(`${out.colours.bold(`${scenario.name}: ${scenario.about}`)}\n`);
    const result = await runScenario(scenario, io, { trace: "off" });
    if ("error" in result) {
      throw new ScenarioFailure(failureReport({ called: scenario.name, seed: 0, ...result }));
    }
    out.write("\n");
  }
  out.write(briefHelp(program));
}

function briefHelp(program: Command): string {
  const help = program.createHelp();
  const rows = program.commands.map((command) => [
    `  simloop ${help.subcommandTerm(command)}`,
    help.subcommandDescription(command),
  ]);
  return `Commands:\n${columns([...rows, ["  simloop <command> --help", "show its arguments and options"]])}`;
}
