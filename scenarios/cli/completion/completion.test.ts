import { spawnSync } from "node:child_process";
import { Writable } from "node:stream";
import test from "ava";
import { simloop } from "../cli.ts";
import { commandTable } from "../command-table.ts";

async function script(shell: string): Promise<string> {
  let out = "";
  const stdout = new Writable({
    write(chunk, _encoding, done) {
      out += chunk;
      done();
    },
  });
  await simloop(["completion", shell], { stdout, stderr: stdout });
  return out;
}

const has = (shell: string): boolean => spawnSync(shell, ["-c", "exit 0"]).status === 0;
const withShell = (shell: string): typeof test | typeof test.skip => (has(shell) ? test : test.skip);

/** What bash offers for the last of `words`. */
async function offers(...words: readonly string[]): Promise<string[]> {
  const asking = `COMP_WORDS=(${words.map((word) => `"${word}"`).join(" ")}); COMP_CWORD=${words.length - 1}; _simloop`;
  const program = `${await script("bash")}\n${asking}\nprintf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync("bash", ["--norc", "-c", program], { encoding: "utf8" });
  return `${stderr}${stdout}`.split("\n").filter((line) => line !== "");
}

withShell("bash")("Completion: bash offers commands, scenarios, options and their values", async (t) => {
  t.deepEqual(
    [
      await offers("simloop", "ch"),
      await offers("simloop", "--no"),
      await offers("simloop", "run", "create"),
      await offers("simloop", "run", "create-task", "--se"),
      await offers("simloop", "trace", "x", "--format", "j"),
      await offers("simloop", "run", "x", "--seed", ""),
      await offers("simloop", "help", "rep"),
      await offers("simloop", "completion", "f"),
    ],
    [["check"], ["--no-color"], ["create-task"], ["--seed", "--seeds"], ["jsonl"], [], ["replay"], ["fish"]],
  );
});

for (const [shell, options] of [
  ["zsh", ["-n"]],
  ["fish", ["--no-execute"]],
] as const) {
  withShell(shell)(`Completion: ${shell} reads its script`, async (t) => {
    const { status, stderr } = spawnSync(shell, options, { input: await script(shell), encoding: "utf8" });
    t.deepEqual([status, stderr], [0, ""]);
  });
}

test("Completion: the script of every shell has all commands and their options", async (t) => {
  for (const shell of ["bash", "zsh", "fish"]) {
    const text = await script(shell);
    const missing = [...commandTable.keys(), "create-task", "seed", "until"].filter((word) => !text.includes(word));
    t.deepEqual(missing, [], shell);
  }
});
