import { createTask, defineScenario, gather, print, sleep } from "../../engine/index.ts";

const search = (isFixed: boolean) =>
  async function* main() {
    let typed = "";
    let shown = "";
    async function* ask(text: string, hops: number) {
      typed = text;
      for (let i = 0; i < hops; i++) {
        yield* sleep(0);
      }
      if (!isFixed || text === typed) {
        shown = `results for ${text}`;
      }
    }
    const first = createTask(ask("sim", 2), { name: "sim" });
    yield* sleep(0);
    const second = createTask(ask("simloop", 4), { name: "simloop" });
    yield* gather(first, second);
    print(shown);
    if (shown !== "results for simloop") {
      throw new Error(`simloop was typed last, but one sees ${shown}`);
    }
  };

/** The last answer wins, not the last question. */
export const broken = defineScenario({
  name: "late-answer",
  about: "two searches, of which the first may answer last",
  main: search(false),
});

/** Its corrected twin. */
export const fixed = defineScenario({
  name: "late-answer-fixed",
  about: "the same, but late answers are dropped",
  main: search(true),
});
