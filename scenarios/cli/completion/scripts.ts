// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the braces are bash's
import type { DescribedCommand, DescribedOption } from "./described-commands.ts";

/** Makes the script that a shell sources. */
type CompletionScript = (commands: readonly DescribedCommand[]) => string;

/** The scripts by shell. */
export const completionScripts = { bash, zsh, fish } satisfies Record<string, CompletionScript>;

/** Options that every call understands. */
const GLOBAL = ["--color", "--no-color", "--help", "--version"];

const lines = (...parts: readonly (string | readonly string[])[]): string => `${parts.flat().join("\n")}\n`;

const spellings = ({ long, short }: DescribedOption): string[] => (short === undefined ? [long] : [long, short]);

function bash(commands: readonly DescribedCommand[]): string {
  const words = ({ options, words }: DescribedCommand): string => [...words, ...options.flatMap(spellings)].join(" ");
  const values = commands.flatMap(({ name, options }) =>
    options
      .filter(({ takes }) => takes !== "nothing")
      .map((option) => {
        const patterns = spellings(option).map((spelling) => `"${name} ${spelling}"`);
        return `    ${patterns.join(" | ")}) words="${typeof option.takes === "string" ? "" : option.takes.join(" ")}" ;;`;
      }),
  );
  return lines(
    "# Put this into ~/.bashrc: source <(simloop completion bash)",
    "_simloop() {",
    '  local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD - 1]}" command="" word words',
    '  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do',
    '    case "$word" in',
    "      -*) ;;",
    '      *) command="$word"; break ;;',
    "    esac",
    "  done",
    '  case "$command" in',
    `    "") words="${[...commands.map(({ name }) => name), "help", ...GLOBAL].join(" ")}" ;;`,
    commands.map((command) => `    ${command.name}) words="${words(command)}" ;;`),
    `    help) words="${commands.map(({ name }) => name).join(" ")}" ;;`,
    "  esac",
    '  case "$command $previous" in',
    values,
    "  esac",
    '  COMPREPLY=($(compgen -W "$words" -- "$current"))',
    "}",
    "# Where no word fits, a file may.",
    "complete -o default -F _simloop simloop",
  );
}

/** `text` within single quotes. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

function zsh(commands: readonly DescribedCommand[]): string {
  const escaped = (about: string): string => about.replace(/[[\]:\\]/g, "\\$&");
  const specification = ({ long, takes, about }: DescribedOption): string => {
    const value = typeof takes === "string" ? "_files" : `(${takes.join(" ")})`;
    return quoted(`${long}[${escaped(about)}]${takes === "nothing" ? "" : `:value:${value}`}`);
  };
  const specifications = ({ options, words, files }: DescribedCommand): string[] => [
    ...options.map(specification),
    ...(words.length > 0 ? [quoted(`*:word:{ compadd ${words.join(" ")}${files ? "; _files" : ""} }`)] : []),
    ...(words.length === 0 && files ? [quoted("*:file:_files")] : []),
  ];
  return lines(
    "#compdef simloop",
    "# Put this into ~/.zshrc, after compinit: source <(simloop completion zsh)",
    "_simloop() {",
    "  local -a commands",
    "  commands=(",
    commands.map(({ name, about }) => `    ${quoted(`${name}:${escaped(about)}`)}`),
    "  )",
    "  if (( CURRENT == 2 )); then",
    "    _describe command commands",
    `    compadd -- ${GLOBAL.join(" ")}`,
    "    return",
    "  fi",
    '  local command="$words[2]"',
    "  shift words",
    "  (( CURRENT -= 1 ))",
    '  case "$command" in',
    commands.map((command) => `    ${command.name}) _arguments ${specifications(command).join(" ")} ;;`),
    "  esac",
    "}",
    "compdef _simloop simloop",
  );
}

function fish(commands: readonly DescribedCommand[]): string {
  const ofCommand = ({ name, options, words, files }: DescribedCommand): string[] => {
    const condition = `complete -c simloop -n '__fish_seen_subcommand_from ${name}'`;
    return [
      ...(files ? [] : [`${condition} -f`]),
      ...(words.length > 0 ? [`${condition} -a ${quoted(words.join(" "))}`] : []),
      ...options.map(({ long, short, about, takes }) =>
        [
          `${condition} -l ${long.slice(2)}`,
          ...(short === undefined ? [] : [`-s ${short.slice(1)}`]),
          ...(takes === "nothing" ? [] : ["-r"]),
          ...(typeof takes === "string" ? [] : [`-f -a ${quoted(takes.join(" "))}`]),
          `-d ${quoted(about)}`,
        ].join(" "),
      ),
    ];
  };
  return lines(
    "# Put this into ~/.config/fish/config.fish: simloop completion fish | source",
    commands.map(({ name, about }) => `complete -c simloop -f -n __fish_use_subcommand -a ${name} -d ${quoted(about)}`),
    GLOBAL.map((option) => `complete -c simloop -n __fish_use_subcommand -l ${option.slice(2)}`),
    commands.flatMap(ofCommand),
  );
}
