import { defineScenario, getRunningLoop, print, sleep } from "../../engine/index.ts";
import { Container, type PythonRandom, pythonRandom, Resource, startProcess } from "../../engine/resources/index.ts";

const SEED = 42;
const STATION_SIZE = 200;
const THRESHOLD = 10;
const TANK_SIZE = 50;
const REFUELLING_SPEED = 2;
const TRUCK_TIME = 300;
const SIM_TIME = 1000;

const now = (): number => getRunningLoop().time();

function* car(random: PythonRandom, name: string, pumps: Resource, fuel: Container) {
  const level = random.randint(5, 25);
  print(`${name} arriving at gas station at ${now().toFixed(1)}`);
  const start = now();
  yield* pumps.with(function* () {
    const litres = TANK_SIZE - level;
    yield* fuel.get(litres);
    yield* sleep(litres / REFUELLING_SPEED);
    print(`${name} finished refueling in ${(now() - start).toFixed(1)} seconds.`);
  });
}

function* control(fuel: Container) {
  for (;;) {
    if ((fuel.level / fuel.capacity) * 100 < THRESHOLD) {
      print(`Calling tank truck at ${Math.trunc(now())}`);
      yield* startProcess(tankTruck(fuel));
    }
    yield* sleep(10);
  }
}

function* tankTruck(fuel: Container) {
  yield* sleep(TRUCK_TIME);
  print(`Tank truck arriving at time ${Math.trunc(now())}`);
  const amount = fuel.capacity - fuel.level;
  print(`Tank truck refuelling ${amount.toFixed(1)} liters.`);
  yield* fuel.put(amount);
}

function* cars(random: PythonRandom, pumps: Resource, fuel: Container) {
  for (let i = 0; ; i++) {
    yield* sleep(random.randint(30, 300));
    startProcess(car(random, `Car ${i}`, pumps, fuel));
  }
}

function* main() {
  print("Gas Station refuelling");
  const random = pythonRandom(SEED);
  const pumps = new Resource({ capacity: 2, name: "pump" });
  const fuel = new Container({ capacity: STATION_SIZE, init: STATION_SIZE, name: "fuel" });
  startProcess(control(fuel));
  startProcess(cars(random, pumps, fuel));
  yield* sleep(SIM_TIME);
}

export default defineScenario({
  name: "simpy-gas-station",
  about: "SimPy's gas station: pumps, a container of fuel, and a truck that is called when it runs low",
  main,
});
