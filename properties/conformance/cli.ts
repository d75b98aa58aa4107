import process from "node:process";
import { runCommand } from "./commands/command-line.ts";

process.exitCode = await runCommand(process.argv.slice(2), {
  print: (text) => process.stdout.write(text),
  complain: (text) => process.stderr.write(text),
  // One line on a terminal, overwritten again and again; nothing in a file.
  progress: (line) => process.stderr.isTTY && process.stderr.write(`\r\x1b[K${line}`),
});
