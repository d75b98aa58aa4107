import { createTask, defineScenario, Event, gather, print, sleep } from "../../engine/index.ts";

const handover = (isFixed: boolean) =>
  async function* main() {
    const arrived = new Event();
    const parcels: string[] = [];
    async function* receive() {
      while (parcels.length === 0) {
        yield* sleep(0);
        if (isFixed) {
          yield* arrived.wait();
        } else {
          // Forgets a signal that came since it looked.
          arrived.clear();
          yield* arrived.wait();
        }
      }
      print(`got ${parcels.pop()}`);
    }
    async function* deliver() {
      for (let i = 0; i < 4; i++) {
        yield* sleep(0);
      }
      parcels.push("a parcel");
      arrived.set();
    }
    yield* gather(createTask(receive(), { name: "receiver" }), createTask(deliver(), { name: "carrier" }));
  };

/** Cleared after it was set. */
export const broken = defineScenario({
  name: "lost-wakeup",
  about: "a receiver that clears the signal before it waits for it",
  main: handover(false),
});

/** Its corrected twin. */
export const fixed = defineScenario({
  name: "lost-wakeup-fixed",
  about: "the same without the clearing",
  main: handover(true),
});
