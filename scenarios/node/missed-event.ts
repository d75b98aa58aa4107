import { EventEmitter, once } from "node:events";
import { defineScenario, getRunningLoop } from "../../engine/index.ts";
import { hostNamed, runOn, serve, textOf, UNSTEADY } from "./http.ts";

/** A job on another machine, which says `done` when it is. */
class Job extends EventEmitter {
  async run(): Promise<void> {
    this.emit("done", await textOf("http://worker/"));
  }
}

/**
 * Starts a job, writes that down elsewhere, and waits for the job. An event that comes before a listener exists is
 * lost.
 */
const watching = (listensFirst: boolean) => async (): Promise<void> => {
  await serve("worker", (_request, response) => {
    setTimeout(() => response.end("result"), 12);
  });
  await serve("journal", (_request, response) => response.end());
  // Only the way to the journal is unsteady.
  getRunningLoop().network.setLink(hostNamed("client"), "worker", { latency: 0.004 });
  await runOn("client", async () => {
    const job = new Job();
    const done = listensFirst ? once(job, "done") : null;
    void job.run();
    await textOf("http://journal/started");
    const [result] = await (done ?? once(job, "done"));
    console.log(result);
  });
};

export const broken = defineScenario({
  name: "node-missed-event",
  about: "a listener that is attached after an await, when the event may be over",
  network: UNSTEADY,
  main: watching(false),
});

export const fixed = defineScenario({
  name: "node-missed-event-fixed",
  about: "a listener that is attached before the first await",
  network: UNSTEADY,
  main: watching(true),
});
