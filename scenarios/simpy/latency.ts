import { defineScenario, getRunningLoop, print, sleep } from "../../engine/index.ts";
import { Store, startProcess } from "../../engine/resources/index.ts";

const SIM_TIME = 100;

const now = (): number => getRunningLoop().time();

/** A cable: what is put in comes out after a delay. */
class Cable {
  private readonly _delay: number;
  private readonly _store = new Store<string>({ name: "cable" });

  constructor(delay: number) {
    this._delay = delay;
  }

  put(value: string): void {
    startProcess(this._carry(value));
  }

  get() {
    return this._store.get();
  }

  private *_carry(value: string) {
    yield* sleep(this._delay);
    this._store.put(value);
  }
}

function* sender(cable: Cable) {
  for (;;) {
    yield* sleep(5);
    cable.put(`Sender sent this at ${now()}`);
  }
}

function* receiver(cable: Cable) {
  for (;;) {
    const message = yield* cable.get();
    print(`Received this at ${now()} while ${message}`);
  }
}

function* main() {
  print("Event Latency");
  const cable = new Cable(10);
  startProcess(sender(cable));
  startProcess(receiver(cable));
  yield* sleep(SIM_TIME);
}

export default defineScenario({
  name: "simpy-latency",
  about: "SimPy's cable: messages take ten seconds on their way",
  main,
});
