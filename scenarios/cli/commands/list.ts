import { Command } from "commander";
import { builtInScenarios } from "../../index.ts";
import { columns } from "../columns.ts";
import type { CommandIo } from "../command-io.ts";

/** The command `simloop list`. */
export const listCommand = ({ out }: CommandIo): Command =>
  new Command("list")
    .description("list the built-in scenarios, a line each")
    .addHelpText("after", "\nExample:\n  simloop list")
    .action(async () => {
      const scenarios = await builtInScenarios();
      out.write(columns(scenarios.map(({ name, about }) => [name, about])));
    });
