import { coroutine, createTask, defineScenario, print, sleep, strftime } from "../../engine/index.ts";

const sayHello = coroutine(async function* say_hello() {
  print("hello", strftime("%X"));
  yield* sleep(1);
  print("hello", strftime("%X"));
});

const sayWorld = coroutine(async function* say_world() {
  print("world", strftime("%X"));
  yield* sleep(1);
  print("world", strftime("%X"));
});

async function* main() {
  const task1 = createTask(sayHello());
  const task2 = createTask(sayWorld());
  yield* task1;
  yield* task2;
}

export default defineScenario({
  name: "create-task",
  about: "the same two as tasks run side by side and take the longer of their times",
  start: "15:29:41",
  main,
});
