import { defineScenario, getRunningLoop, print, sleep } from "../../engine/index.ts";
import { anyOf, type PythonRandom, pythonRandom, Resource, startProcess } from "../../engine/resources/index.ts";
import { padded } from "./padded.ts";

const SEED = 42;
const CUSTOMERS = 5;
const INTERVAL = 10;
const MIN_PATIENCE = 1;
const MAX_PATIENCE = 3;
const TIME_IN_BANK = 12;

function* source(random: PythonRandom, counter: Resource) {
  for (let i = 0; i < CUSTOMERS; i++) {
    startProcess(customer(random, `Customer${String(i).padStart(2, "0")}`, counter));
    yield* sleep(random.expovariate(1 / INTERVAL));
  }
}

function* customer(random: PythonRandom, name: string, counter: Resource) {
  const loop = getRunningLoop();
  const arrive = loop.time();
  print(`${padded(arrive, 7, 4)} ${name}: Here I am`);
  const patience = random.uniform(MIN_PATIENCE, MAX_PATIENCE);
  const won = yield* anyOf({ served: counter.request(), gaveUp: sleep(patience) });
  const waited = padded(loop.time() - arrive, 6, 3);
  const request = won.get("served");
  if (request === undefined) {
    print(`${padded(loop.time(), 7, 4)} ${name}: RENEGED after ${waited}`);
    return;
  }
  print(`${padded(loop.time(), 7, 4)} ${name}: Waited ${waited}`);
  yield* sleep(random.expovariate(1 / TIME_IN_BANK));
  print(`${padded(loop.time(), 7, 4)} ${name}: Finished`);
  request.release();
}

function* main() {
  print("Bank renege");
  const random = pythonRandom(SEED);
  const counter = new Resource({ capacity: 1, name: "counter" });
  yield* startProcess(source(random, counter));
}

export default defineScenario({
  name: "simpy-bank-renege",
  about: "SimPy's bank: customers wait for the counter, and leave when their patience is at its end",
  main,
});
