import { setTimeout as sleep } from "node:timers/promises";
import { defineScenario, getRunningLoop } from "../../engine/index.ts";
import { hostNamed, runOn, serve, textOf, UNSTEADY } from "./http.ts";

/**
 * A cache in front of a slow service. Two visitors who come while the page is not there yet both make the service work.
 */
const visits = (createCache: (load: () => Promise<string>) => () => Promise<string>) => async (): Promise<void> => {
  let loads = 0;
  await serve("origin", (_request, response) => {
    loads++;
    response.end("page");
  });
  const cached = createCache(() => textOf("http://origin/"));
  await serve("cache", async (_request, response) => {
    response.end(await cached());
  });
  const { network } = getRunningLoop();
  const visit = (name: string, after: number): Promise<void> => {
    // Only the way from the cache to the service is unsteady.
    network.setLink(hostNamed(name), "cache", { latency: 0.001 });
    return runOn(name, async () => {
      await sleep(after);
      console.log(`${name} sees the ${await textOf("http://cache/")}`);
    });
  };
  await Promise.all([visit("alice", 0), visit("bob", 24)]);
  if (loads > 1) {
    throw new Error(`stampede: the page was loaded ${loads} times`);
  }
};

/** Keeps the page once it is there. */
function keepPage(load: () => Promise<string>): () => Promise<string> {
  let page: string | null = null;
  return async () => {
    page ??= await load();
    return page;
  };
}

/** Keeps the promise of the page: whoever comes meanwhile waits for it, too. */
function keepPromise(load: () => Promise<string>): () => Promise<string> {
  let page: Promise<string> | null = null;
  return () => {
    page ??= load();
    return page;
  };
}

export const broken = defineScenario({
  name: "node-cache-stampede",
  about: "a cache in front of fetch that two requests find empty",
  network: UNSTEADY,
  main: visits(keepPage),
});

export const fixed = defineScenario({
  name: "node-cache-stampede-fixed",
  about: "a cache that keeps the promise of what it loads",
  network: UNSTEADY,
  main: visits(keepPromise),
});
