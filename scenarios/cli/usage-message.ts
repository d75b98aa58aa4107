import type { Command, CommanderError } from "commander";
import { nearest } from "./nearest.ts";

/** What the command line knows besides `command`: the names of all commands and of the built-in scenarios. */
export interface KnownNames {
  readonly commands: readonly string[];
  readonly scenarios: readonly string[];
}

/**
 * The complaint of commander in the words of the other messages: what was expected, what came, what may have been
 * meant.
 */
export function usageMessage(command: Command, error: CommanderError, known: KnownNames): string {
  const name = command.parent === null ? "simloop" : `simloop ${command.name()}`;
  const complaint = reworded(command, error, known);
  return complaint.endsWith("?") ? `${complaint} See ${name} --help` : `${complaint}; see ${name} --help`;
}

function reworded(command: Command, { code, message }: CommanderError, known: KnownNames): string {
  const words = message.replace(/^error: /, "").replace(/\s*\n\s*/g, " ");
  const quoted = [...words.matchAll(/'([^']*)'/g)].map((match) => match[1] ?? "");
  switch (code) {
    case "commander.help":
      return `missing command; expected ${listed(known.commands)}`;
    case "commander.unknownCommand":
      return unknownCommand(quoted[0] ?? "", known);
    case "commander.unknownOption":
      return unknownOption(command, quoted[0] ?? "");
    case "commander.missingArgument":
      return `missing argument <${quoted[0]}>`;
    case "commander.missingMandatoryOptionValue":
      return `missing option ${quoted[0]}`;
    case "commander.optionMissingArgument":
      return `${quoted[0]?.replace(/ .*/, "")}: missing value; expected ${quoted[0]}`;
    case "commander.excessArguments":
      return words.replace(/^.*Expected (\d+ arguments?) but got (\d+).*$/, "expected $1, got $2");
    case "commander.invalidArgument":
      return invalidValue(command, words);
    default:
      return words.replace(/\.$/, "");
  }
}

/** `a, b or c`. */
const listed = (words: readonly string[]): string => words.join(", ").replace(/, ([^,]*)$/, " or $1");

function unknownCommand(name: string, { commands, scenarios }: KnownNames): string {
  const unknown = `unknown command '${name}'`;
  const meant = meantCall(name, scenarios) ?? nearest(name, commands)[0] ?? nearestScenario(name, scenarios);
  return meant === undefined ? `${unknown}; expected ${listed(commands)}` : `${unknown}; did you mean '${meant}'?`;
}

/** The call that `name` is the argument of; `undefined` if it is none. */
function meantCall(name: string, scenarios: readonly string[]): string | undefined {
  if (scenarios.includes(name) || /\.[mc]?[jt]sx?$/.test(name)) {
    return `simloop run ${name}`;
  }
  return name.endsWith(".jsonl") ? `simloop trace ${name}` : undefined;
}

function nearestScenario(name: string, scenarios: readonly string[]): string | undefined {
  const [meant] = nearest(name, scenarios);
  return meant === undefined ? undefined : `simloop run ${meant}`;
}

function unknownOption(command: Command, name: string): string {
  const known = command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long }) => long ?? []);
  const [meant] = nearest(name, known);
  return meant === undefined ? `unknown option '${name}'` : `unknown option '${name}'; did you mean '${meant}'?`;
}

const OPTION_VALUE = /^option '(?<flags>[^']*)' argument '(?<value>.*)' is invalid\.\s*(?<reason>.*?)\.?$/;
const ARGUMENT_VALUE =
  /^command-argument value '(?<value>.*)' is invalid for argument '(?<flags>[^']*)'\.\s*(?<reason>.*?)\.?$/;

/** `--until: expected seconds, got 'soon'`. */
function invalidValue(command: Command, words: string): string {
  const {
    flags = "",
    value = "",
    reason = "",
  } = (OPTION_VALUE.exec(words) ?? ARGUMENT_VALUE.exec(words))?.groups ?? {};
  const option = command.options.find((one) => one.flags === flags);
  const argument = command.registeredArguments.find((one) => one.name() === flags);
  const name = option?.long ?? `<${flags}>`;
  const choices = option?.argChoices ?? argument?.argChoices;
  if (choices !== undefined) {
    const [meant] = nearest(value, choices);
    return meant === undefined
      ? `${name}: expected ${listed(choices)}, got '${value}'`
      : `${name}: unknown value '${value}'; did you mean '${meant}'? Expected ${listed(choices)}`;
  }
  const expected = reason.charAt(0).toLowerCase() + reason.slice(1);
  return expected.startsWith("expected ") ? `${name}: ${expected}, got '${value}'` : `${name}: ${expected}`;
}
