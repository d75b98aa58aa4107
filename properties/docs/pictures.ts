import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { scenarioOptions, simulate, toSvg } from "../../engine/index.ts";
import { articleScenarios } from "../../scenarios/index.ts";

/** Where the pictures are. */
export const picturesFolder = new URL("../../docs/pictures/", import.meta.url);

/** The pictures of the article's programs, by file name. */
export async function articlePictures(): Promise<ReadonlyMap<string, string>> {
  const pictures = new Map<string, string>();
  for (const scenario of await articleScenarios()) {
    const { trace } = await simulate(scenario.main, scenarioOptions(scenario));
    pictures.set(`${scenario.name}.svg`, toSvg(trace));
  }
  return pictures;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(picturesFolder, { recursive: true });
  for (const [name, svg] of await articlePictures()) {
    writeFileSync(new URL(name, picturesFolder), svg);
  }
}
