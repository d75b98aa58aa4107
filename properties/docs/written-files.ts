import { readdirSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "./stage.ts";

/**
 * The files of the project that people write, as paths from the checkout: all with one of the `endings`, except what is
 * recorded or generated.
 */
export function writtenFiles(endings: RegExp): string[] {
  const below = ["docs", "engine", "scenarios", "properties"].flatMap((directory) =>
    readdirSync(join(checkout, directory), { recursive: true, encoding: "utf8" }).map(
      (name) => `${directory}/${name.replaceAll("\\", "/")}`,
    ),
  );
  return [...readdirSync(checkout), ...below]
    .filter((name) => endings.test(name) && !GENERATED.test(name))
    .toSorted((a, b) => (a < b ? -1 : 1));
}

const GENERATED = /node_modules|\/recorded\/|engine\/trace\/page\/page-script\.ts$/;
