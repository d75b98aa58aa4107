import { defineScenario, getRunningLoop, print, sleep } from "../../engine/index.ts";
import { type PythonRandom, pythonRandom, Resource, startProcess } from "../../engine/resources/index.ts";

const SEED = 42;
const MACHINES = 2;
const WASH_TIME = 5;
const INTERVAL = 7;
const SIM_TIME = 20;

const now = (): string => getRunningLoop().time().toFixed(2);

function* wash(random: PythonRandom, car: string) {
  yield* sleep(WASH_TIME);
  print(`Carwash removed ${random.randint(50, 99)}% of ${car}'s dirt.`);
}

function* car(random: PythonRandom, name: string, machines: Resource) {
  print(`${name} arrives at the carwash at ${now()}.`);
  yield* machines.with(function* () {
    print(`${name} enters the carwash at ${now()}.`);
    yield* startProcess(wash(random, name));
    print(`${name} leaves the carwash at ${now()}.`);
  });
}

function* setup(random: PythonRandom) {
  const machines = new Resource({ capacity: MACHINES, name: "washing machine" });
  let cars = 0;
  const arrive = (): unknown => startProcess(car(random, `Car ${cars++}`, machines));
  for (let i = 0; i < 4; i++) {
    arrive();
  }
  for (;;) {
    yield* sleep(random.randint(INTERVAL - 2, INTERVAL + 2));
    arrive();
  }
}

function* main() {
  print("Carwash");
  print("Check out http://youtu.be/fXXmeP9TvBg while simulating ... ;-)");
  const random = pythonRandom(SEED);
  startProcess(setup(random));
  yield* sleep(SIM_TIME);
}

export default defineScenario({
  name: "simpy-carwash",
  about: "SimPy's carwash: two machines, and cars that wait for a process of washing",
  main,
});
