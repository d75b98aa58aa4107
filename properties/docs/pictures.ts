import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { scenarioOptions, simulate, toSvg } from "../../engine/index.ts";
import { articleScenarios } from "../../scenarios/index.ts";
import { gossipPlot } from "./gossip-plot.ts";

/** Where the pictures are. */
export const picturesDirectory = new URL("../../docs/pictures/", import.meta.url);

/** All pictures, by file name: the traces of the article's programs, and the plot of the scenario `gossip`. */
export async function allPictures(): Promise<ReadonlyMap<string, string>> {
  const pictures = new Map<string, string>();
  for (const scenario of await articleScenarios()) {
    const { trace } = await simulate(scenario.main, scenarioOptions(scenario));
    pictures.set(`${scenario.name}.svg`, toSvg(trace));
  }
  pictures.set("gossip.svg", await gossipPlot());
  return pictures;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(picturesDirectory, { recursive: true });
  for (const [name, svg] of await allPictures()) {
    writeFileSync(new URL(name, picturesDirectory), svg);
  }
}
