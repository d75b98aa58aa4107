import { coroutine, defineScenario, print, sleep, strftime } from "../../engine/index.ts";

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
  yield* sayHello();
  yield* sayWorld();
}

export default defineScenario({
  name: "await-sequence",
  about: "two coroutines awaited one after the other take the sum of their times",
  start: "15:27:26",
  main,
});
