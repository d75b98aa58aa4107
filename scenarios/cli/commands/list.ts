import { Command } from "commander";
import { builtInScenarios } from "../../index.ts";
import { columns } from "../columns.ts";
import type { CommandIo } from "../command-io.ts";

/** The command `simloop list`. */
export const listCommand = ({ out }: CommandIo): Command =>
  new Command("list")
    .description("list the built-in scenarios, a line each")
    .option("--json", "print a JSON array of objects with name and about")
    .addHelpText("after", "\nExamples:\n  simloop list\n  simloop list --json")
    .action(async ({ json }: { readonly json?: true }) => {
      const scenarios = (await builtInScenarios()).map(({ name, about }) => ({ name, about }));
      out.write(
        json === true
          ? `${JSON.stringify(scenarios, null, 2)}\n`
          : columns(scenarios.map(({ name, about }) => [name, about])),
      );
    });
