import { setTimeout as sleep } from "node:timers/promises";
import { defineScenario, getRunningLoop } from "../../engine/index.ts";
import { hostNamed, runOn, serve } from "./http.ts";

/**
 * A server with few places frees them when its answer is finished, which an answer to a client that has gone never is.
 */
const places = (freedBy: "close" | "finish") => async (): Promise<void> => {
  let free = 1;
  await serve("kitchen", async (_request, response) => {
    if (free === 0) {
      response.writeHead(503).end();
      return;
    }
    free--;
    response.once(freedBy, () => {
      free++;
    });
    await sleep(10);
    response.end("soup");
  });
  // Only the way to the kitchen takes a while.
  getRunningLoop()
    .network.link(hostNamed("guest"), "kitchen")
    .set({ latency: { uniform: [0.001, 0.03] } });
  await runOn("guest", async () => {
    await fetch("http://kitchen/", { signal: AbortSignal.timeout(60) }).then(
      async (answer) => console.log(await answer.text()),
      () => console.log("the first guest has gone"),
    );
    // Long enough for everything to be over.
    await sleep(1000);
    const answer = await fetch("http://kitchen/");
    await answer.text();
    if (!answer.ok) {
      throw new Error("there is no place in an empty kitchen");
    }
  });
};

export const broken = defineScenario({
  name: "node-gone-client",
  about: "what is freed when a response is finished, which it never is for a client that has gone",
  main: places("finish"),
});

export const fixed = defineScenario({
  name: "node-gone-client-fixed",
  about: "what is freed when a response is over, finished or not",
  main: places("close"),
});
