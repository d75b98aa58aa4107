import { scenarioOptions, simulate } from "../../engine/index.ts";
import { builtInScenario } from "../../scenarios/index.ts";

const SEEDS = 20;
const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [640, 340, 56, 20, 52, 48];
const SECONDS = [2, 5, 10, 20, 50, 100, 200];

const STYLE = `<style>
.plot text{font:12px ui-sans-serif,system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif;fill:#1c2733}
.plot .title{font-weight:600;font-size:14px}
.plot .end{text-anchor:end}
.plot .middle{text-anchor:middle}
.plot .ground{fill:#ffffff}
.plot .grid{stroke:#d8dee6}
.plot .run{fill:#0072b2;fill-opacity:.45}
.plot .median{fill:none;stroke:#0072b2;stroke-width:2}
@media (prefers-color-scheme:dark){
.plot text{fill:#dfe6ee}
.plot .ground{fill:#151b22}
.plot .grid{stroke:#36414d}
.plot .run{fill:#56b4e9}
.plot .median{stroke:#56b4e9}
}
</style>`;

/** How long the rumour took at each loss, in percent, in the run with this seed. */
async function spreadingTimes(seed: number): Promise<ReadonlyMap<number, number>> {
  const scenario = await builtInScenario("gossip");
  if (scenario === undefined) {
    throw new Error("missing scenario gossip");
  }
  const { output } = await simulate(scenario.main, scenarioOptions(scenario, { seed, trace: "off" }));
  const lines = output.matchAll(/^loss +(\d+) % +([\d.]+) /gm);
  return new Map([...lines].map(([, loss, seconds]) => [Number(loss), Number(seconds)]));
}

const x = (loss: number): number => LEFT + ((WIDTH - LEFT - RIGHT) * loss) / 90;

function y(seconds: number): string {
  const [least, most] = [Math.log(SECONDS[0]!), Math.log(SECONDS.at(-1)!)];
  const share = (Math.log(seconds) - least) / (most - least);
  return (HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share).toFixed(1);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1]!, sorted[sorted.length >> 1]!];
  return (low + high) / 2;
}

/**
 * The picture of the scenario `gossip`: seconds until all hosts know the rumour, against the loss; a dot for each run,
 * a line through the medians.
 */
export async function gossipPlot(): Promise<string> {
  const runs = await Promise.all(Array.from({ length: SEEDS }, (_, seed) => spreadingTimes(seed)));
  const losses = [...runs[0]!.keys()];
  const timesAt = (loss: number): number[] => runs.map((run) => run.get(loss)!);
  const line = losses.map((loss) => `${x(loss)} ${y(median(timesAt(loss)))}`).join("L");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="plot" role="img" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}">`,
    "<title>Gossip: time until all hosts know a rumour, against the loss of datagrams</title>",
    STYLE,
    `<rect class="ground" width="${WIDTH}" height="${HEIGHT}"/>`,
    `<text class="title" x="16" y="24">Seconds until a rumour has reached all hosts</text>`,
    `<text x="16" y="42">a dot for each of ${SEEDS} runs, a line through the medians</text>`,
    ...SECONDS.flatMap((seconds) => [
      `<path class="grid" d="M${LEFT} ${y(seconds)}H${WIDTH - RIGHT}"/>`,
      `<text class="end" x="${LEFT - 8}" y="${Number(y(seconds)) + 4}">${seconds} s</text>`,
    ]),
    ...losses.map((loss) => `<text class="middle" x="${x(loss)}" y="${HEIGHT - BOTTOM + 20}">${loss} %</text>`),
    `<text class="middle" x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 8}">of the datagrams get lost</text>`,
    ...losses.flatMap((loss) =>
      timesAt(loss).map((seconds) => `<circle class="run" cx="${x(loss)}" cy="${y(seconds)}" r="3"/>`),
    ),
    `<path class="median" d="M${line}"/>`,
    "</svg>\n",
  ].join("\n");
}
