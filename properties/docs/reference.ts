import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { Writable } from "node:stream";
import type { Command, Option } from "commander";
import { allCommands, commandTable } from "../../scenarios/cli/command-table.ts";
import { Outlet } from "../../scenarios/cli/outlet.ts";
import { checkout } from "./stage.ts";

/*
 * The reference pages that are made from the code: `npm run reference` writes them, and a test compares them.
 */

/** The interfaces whose fields are options, and what takes them. */
const SECTIONS: readonly (readonly [title: string, file: string, name: string, about: string])[] = [
  [
    "simulate",
    "engine/simulation.ts",
    "SimulateOptions",
    "`simulate(main, options)`; also the options of the event loop below.",
  ],
  [
    "run and Runner",
    "engine/runner.ts",
    "RunnerOptions",
    "`run(main, options)`, `new Runner(options)`; also the options of the event loop below.",
  ],
  [
    "The event loop",
    "engine/loop/options.ts",
    "LoopOptions",
    "What `simulate`, `run` and `new EventLoop(options)` share.",
  ],
  [
    "The network of a loop",
    "engine/network/event-loop.ts",
    "EventLoopOptions",
    "The part of the same options that is about the network.",
  ],
  [
    "The wall clock",
    "engine/clock/wall-clock.ts",
    "WallClockOptions",
    "The part of the same options that is about the calendar.",
  ],
  ["explore", "engine/explore/options.ts", "ExploreOptions", "`explore(main, options)`."],
  ["replay", "engine/explore/replay.ts", "ReplayOptions", "`replay(main, token, options)`."],
  ["runReal", "engine/real/run-real.ts", "RunRealOptions", "`runReal(main, options)` of `simloop/real`."],
  ["The network", "engine/network/network-options.ts", "NetworkOptions", "The option `network`."],
  [
    "Hosts",
    "engine/network/hosts/host-options.ts",
    "HostOptions",
    "`network: { hosts: { name: … } }` and `network.host(name, options)`.",
  ],
  ["Clocks of hosts", "engine/network/hosts/host-clock.ts", "ClockOptions", "The option `clock` of a host."],
  ["Disks of hosts", "engine/network/hosts/disk.ts", "DiskOptions", "The option `disk` of a host."],
  [
    "Links",
    "engine/network/links/link-options.ts",
    "LinkOptions",
    "`network: { links: … }` and `network.link(a, b).set(options)`.",
  ],
  ["TCP", "engine/network/tcp/settings.ts", "TcpSettings", "The option `tcp` of the network."],
];

/** The field of an interface, as its source declares it. */
interface Field {
  readonly name: string;
  readonly type: string;
  readonly about: string;
}

const FIELD =
  /^ {2}\/\*\*([\s\S]*?)\*\/\n {2}(?:readonly )?(\w+)\??(?:: |(?=\())([\s\S]*?);\n(?=\n? {2}(?:\/\*\*|readonly|\w)|\n?$)/gm;

/** Make a doc comment a line of Markdown. */
const plain = (comment: string): string =>
  comment
    .replace(/^\s*\* ?/gm, "")
    .replace(/\{@link (\w+)\}/g, "`$1`")
    .replace(/\s+/g, " ")
    .trim();

/** The fields of the interface `name` in `source`, in their order. */
export function fieldsOf(source: string, name: string): Field[] {
  const declaration = new RegExp(`^export interface ${name}\\b[^{]*\\{\\n([\\s\\S]*?)^\\}`, "m").exec(source);
  if (declaration === null) {
    throw new Error(`fieldsOf: expected an interface ${name}`);
  }
  return [...(declaration[1] ?? "").matchAll(FIELD)].map(([, comment = "", field = "", type = ""]) => ({
    name: field,
    type: type.replace(/\s+/g, " "),
    about: plain(comment),
  }));
}

const NOTE = (command: string): string =>
  `<!-- Made from the code by \`npm run reference\`; do not edit. -->\n\n${command}\n`;

/** `docs/options.md`. */
export function optionsPage(): string {
  const sections = SECTIONS.map(([title, file, name, about]) => {
    const fields = fieldsOf(readFileSync(join(checkout, file), "utf8"), name);
    const items = fields.map((field) => `- \`${field.name}\`: \`${field.type}\`\n\n  ${field.about}`);
    return [`## ${title}`, about, ...items].join("\n\n");
  });
  const intro =
    "# Options\n\nTimes are in seconds and sizes in bytes. Unknown names are refused, with the nearest known one.";
  return `${NOTE(intro)}\n${sections.join("\n\n")}\n`;
}

/** `docs/cli.md`. */
export async function commandLinePage(): Promise<string> {
  const nowhere = new Outlet(new Writable());
  const commands = await allCommands({ out: nowhere, err: nowhere, signal: new AbortController().signal });
  const index = commands.map(
    (command) => `| [${command.name()}](#simloop-${command.name()}) | ${command.description()} |`,
  );
  const intro =
    "# The command line\n\nExit codes: 0 all went well, 1 a scenario failed or an output could not be written, 2 wrong usage, 130 Ctrl-C.";
  const everywhere =
    "All commands take `--color`, `--no-color` and `--help`. A second Ctrl-C ends everything at once; SIGTERM and SIGHUP leave two seconds.";
  return `${NOTE(intro)}\n${["| command | does |", "| --- | --- |", ...index].join("\n")}\n\n${everywhere}\n\n${commands.map(commandSection).join("\n\n")}\n`;
}

function commandSection(command: Command): string {
  const help = command.createHelp();
  const usage = `\`simloop ${help.subcommandTerm(command)}\``;
  const args = command.registeredArguments.map(
    (one) => `- \`<${one.name()}>\`: ${one.description}${choices(one.argChoices)}`,
  );
  const options = command.options
    .filter(({ hidden }) => !hidden)
    .map((one) => `- \`${one.flags}\`: ${one.description}${choices(one.argChoices)}${byDefault(one)}`);
  const lists = [args, options].filter((list) => list.length > 0).map((list) => list.join("\n"));
  return [`## simloop ${command.name()}`, `${usage}: ${command.description()}.`, ...lists].join("\n\n");
}

const choices = (words: readonly string[] | undefined): string => (words === undefined ? "" : ` (${words.join(", ")})`);

/** The default, unless it depends on the machine, as the number of processes does. */
const byDefault = ({ defaultValue, long }: Option): string =>
  defaultValue === undefined || defaultValue === false || long === "--workers"
    ? ""
    : ` (default: ${String(defaultValue)})`;

/** The pages by path in the checkout. */
export const referencePages = async (): Promise<Record<string, string>> => ({
  "docs/options.md": optionsPage(),
  "docs/cli.md": await commandLinePage(),
});

if (process.argv.includes("--write")) {
  for (const [path, text] of Object.entries(await referencePages())) {
    writeFileSync(join(checkout, path), text);
  }
}

/** The names of the commands that the page must have. */
export const commandNames: readonly string[] = [...commandTable.keys()];
