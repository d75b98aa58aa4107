import { createTask, defineScenario, gather, print, shared, sleep, type Task } from "../../engine/index.ts";

/** A page that is slow to make. */
async function* makePage(key: string) {
  yield* sleep(0);
  yield* sleep(0);
  return `<h1>${key}</h1>`;
}

/** Looks whether the page is there, and makes it if not. Two visitors who look at the wrong moment both make it. */
class Cache {
  made = 0;
  private readonly _pages = shared(new Map<string, string>(), "pages");

  async *get(key: string) {
    let page = this._pages.get(key);
    if (page === undefined) {
      this.made++;
      page = yield* makePage(key);
      this._pages.set(key, page);
    }
    return page;
  }
}

/** Keeps not the page, but the task that makes it: whoever comes second waits for it. */
class SingleFlightCache {
  made = 0;
  private readonly _pages = shared(new Map<string, Task<string>>(), "pages");

  async *get(key: string) {
    let making = this._pages.get(key);
    if (making === undefined) {
      this.made++;
      making = createTask(makePage(key), { name: "maker" });
      this._pages.set(key, making);
    }
    return yield* making;
  }
}

const visits = (createCache: () => Cache | SingleFlightCache) =>
  async function* main() {
    const cache = createCache();
    async function* visit(hops: number) {
      for (let i = 0; i < hops; i++) {
        yield* sleep(0);
      }
      return yield* cache.get("home");
    }
    yield* gather(
      createTask(visit(0), { name: "first" }),
      createTask(visit(4), { name: "second" }),
      createTask(visit(8), { name: "third" }),
    );
    print(`the page was made ${cache.made} time(s)`);
    if (cache.made > 1) {
      throw new Error(`stampede: the page was made ${cache.made} times`);
    }
  };

/** A cache that visitors can storm. */
export const broken = defineScenario({
  name: "cache-stampede",
  about: "three visitors, one page, and a cache that makes it once, in the order that tests see",
  main: visits(() => new Cache()),
});

/** Its corrected twin. */
export const fixed = defineScenario({
  name: "cache-stampede-fixed",
  about: "the same with a cache that keeps the task which makes the page",
  main: visits(() => new SingleFlightCache()),
});
