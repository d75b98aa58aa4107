import { defineScenario, getRunningLoop, print, sleep, type Task } from "../../engine/index.ts";
import { allOf, type PythonRandom, pythonRandom, Store, startProcess } from "../../engine/resources/index.ts";

const SEED = 42;
const SIM_TIME = 100;

/** When the present simulation began: there are two, one after the other. */
let began = 0;
const now = (): number => getRunningLoop().time() - began;

/** When a message was sent, and the message. */
type Message = readonly [time: number, text: string];

interface Pipe {
  put(message: Message): unknown;
}

/** Sends every message to all its outputs. */
class BroadcastPipe implements Pipe {
  private readonly _outputs: Store<Message>[] = [];

  put(message: Message) {
    return allOf(this._outputs.map((store) => store.put(message)));
  }

  output(): Store<Message> {
    const store = new Store<Message>();
    this._outputs.push(store);
    return store;
  }
}

function* generator(random: PythonRandom, name: string, pipe: Pipe) {
  for (;;) {
    yield* sleep(random.randint(6, 10));
    pipe.put([now(), `${name} says hello at ${now()}`]);
  }
}

function* consumer(random: PythonRandom, name: string, pipe: Store<Message>) {
  for (;;) {
    const [time, text] = yield* pipe.get();
    if (time < now()) {
      print(`LATE Getting Message: at time ${now()}: ${name} received message: ${text}`);
    } else {
      print(`at time ${now()}: ${name} received message: ${text}.`);
    }
    yield* sleep(random.randint(4, 8));
  }
}

/** Let the tasks that `start` starts run for the time of a simulation, whose clock begins at 0. */
function* world(start: () => Task<unknown>[]) {
  began = getRunningLoop().time();
  const tasks = start();
  yield* sleep(SIM_TIME);
  for (const task of tasks) {
    task.cancel();
  }
}

function* oneToOne(random: PythonRandom) {
  print("\nOne-to-one pipe communication\n");
  yield* world(() => {
    const pipe = new Store<Message>();
    return [startProcess(generator(random, "Generator A", pipe)), startProcess(consumer(random, "Consumer A", pipe))];
  });
}

function* oneToMany(random: PythonRandom) {
  print("\nOne-to-many pipe communication\n");
  yield* world(() => {
    const pipe = new BroadcastPipe();
    return [
      startProcess(generator(random, "Generator A", pipe)),
      startProcess(consumer(random, "Consumer A", pipe.output())),
      startProcess(consumer(random, "Consumer B", pipe.output())),
    ];
  });
}

function* main() {
  print("Process communication");
  const random = pythonRandom(SEED);
  yield* oneToOne(random);
  yield* oneToMany(random);
}

export default defineScenario({
  name: "simpy-communication",
  about: "SimPy's pipes: messages from one process to one other, and to many",
  main,
});
