import { defineScenario, getRunningLoop, print, sleep } from "../../engine/index.ts";
import {
  Interrupt,
  interrupt,
  PreemptiveResource,
  type PythonRandom,
  pythonRandom,
  startProcess,
} from "../../engine/resources/index.ts";

const SEED = 42;
const PT_MEAN = 10;
const PT_SIGMA = 2;
const MTTF = 300;
const REPAIR_TIME = 30;
const JOB_DURATION = 30;
const MACHINES = 10;
const WEEKS = 4;
const SIM_TIME = WEEKS * 7 * 24 * 60;

/** A machine makes parts. It breaks down now and then, and needs the repairman to go on. */
class Machine {
  readonly name: string;
  parts = 0;
  private _isBroken = false;
  private readonly _random: PythonRandom;

  constructor(random: PythonRandom, name: string, repairman: PreemptiveResource) {
    this._random = random;
    this.name = name;
    const working = startProcess(this._work(repairman));
    startProcess(this._breakDown(working));
  }

  private *_work(repairman: PreemptiveResource): Generator<unknown, void, unknown> {
    for (;;) {
      let left = this._random.normalvariate(PT_MEAN, PT_SIGMA);
      while (left !== 0) {
        const start = getRunningLoop().time();
        try {
          yield* sleep(left);
          left = 0;
        } catch (error) {
          if (!(error instanceof Interrupt)) {
            throw error;
          }
          this._isBroken = true;
          left -= getRunningLoop().time() - start;
          yield* repairman.with(() => sleep(REPAIR_TIME), { priority: 1 });
          this._isBroken = false;
        }
      }
      this.parts++;
    }
  }

  private *_breakDown(working: ReturnType<typeof startProcess>): Generator<unknown, void, unknown> {
    for (;;) {
      yield* sleep(this._random.expovariate(1 / MTTF));
      if (!this._isBroken) {
        interrupt(working);
      }
    }
  }
}

/** What the repairman does while nothing is broken: with a lower priority, so that a machine takes him away. */
function* otherJobs(repairman: PreemptiveResource) {
  for (;;) {
    yield* repairman.serve(JOB_DURATION, { priority: 2, onPreempt: "resume" });
  }
}

function* main() {
  print("Machine shop");
  const random = pythonRandom(SEED);
  const repairman = new PreemptiveResource({ capacity: 1, name: "repairman" });
  const machines = Array.from({ length: MACHINES }, (_, i) => new Machine(random, `Machine ${i}`, repairman));
  startProcess(otherJobs(repairman));
  yield* sleep(SIM_TIME);
  print(`Machine shop results after ${WEEKS} weeks`);
  for (const { name, parts } of machines) {
    print(`${name} made ${parts} parts.`);
  }
}

export default defineScenario({
  name: "simpy-machine-shop",
  about: "SimPy's machine shop: breakdowns interrupt the work, and repairs preempt less important jobs",
  main,
});
