import { Barrier, BoundedSemaphore, Condition, Event, LifoQueue, Lock, PriorityQueue, Queue, Semaphore } from "simloop";
import type { Declaration } from "../dsl/program.ts";
import type { World } from "./world.ts";

const MAKERS: Readonly<Record<string, (world: World, declaration: Declaration) => unknown>> = {
  barrier: (_world, { parties }) => new Barrier(parties),
  bounded_semaphore: (_world, { value }) => new BoundedSemaphore(value),
  condition: (world, { lock }) => new Condition(world.objects.get(lock ?? "") as Lock | undefined),
  event: () => new Event(),
  lifo_queue: (_world, { maxsize }) => new LifoQueue(maxsize),
  lock: () => new Lock(),
  priority_queue: (_world, { maxsize }) => new PriorityQueue(maxsize),
  queue: (_world, { maxsize }) => new Queue(maxsize),
  semaphore: (_world, { value }) => new Semaphore(value),
};

/** Make the object that a program declares. */
export function declare(world: World, declaration: Declaration): void {
  const { name, kind } = declaration;
  if (kind === "future") {
    world.register(name, world.loop.createFuture<unknown>());
  } else {
    world.objects.set(name, MAKERS[kind]?.(world, declaration));
  }
}
