import { coroutine, defineScenario, print, sleep, strftime } from "../../engine/index.ts";

const sayHello = coroutine(async function* say_hello() {
  print("hello", strftime("%X"));
  yield* sleep(1);
  print("hello", strftime("%X"));
});

async function* main() {
  print(sayHello());
}

export default defineScenario({
  name: "coroutine-object",
  about: "calling a coroutine function only makes an object; its body does not run, and that is reported",
  main,
});
