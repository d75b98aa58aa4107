import { AsyncLocalStorage } from "node:async_hooks";
import { EventEmitter, on, once } from "node:events";
import http from "node:http";
import net from "node:net";
import { finished, PassThrough, pipeline, Readable, Transform, Writable } from "node:stream";
import { pipeline as pipelinePromise } from "node:stream/promises";
import {
  setImmediate as immediatePromise,
  setInterval as intervals,
  scheduler,
  setTimeout as sleep,
} from "node:timers/promises";
import { promisify } from "node:util";

/*
 * What the source of a random program runs on. Plain JavaScript, for it runs on a bare Node as well as in the simulation, and is the same there.
 */

/** Milliseconds after which a program is over, whatever it still waits for. */
const END = 10_000;
/** Entries of a log, beyond which a program does nothing more. */
const MOST_ENTRIES = 300;

const AsyncFunction = (async () => {}).constructor;

/** What programs import, by the names that their sources use. */
const imports = {
  EventEmitter,
  on,
  once,
  http,
  net,
  finished,
  PassThrough,
  pipeline,
  Readable,
  Transform,
  Writable,
  pipelinePromise,
  scheduler,
  immediatePromise,
  intervals,
  sleep,
  promisify,
};

/** Thrown when a program has logged enough. */
class Enough extends Error {}

/** What one run of a program holds. */
export class Environment {
  entries = [];
  timers = [];
  immediates = [];
  emitters = [new EventEmitter(), new EventEmitter()];
  controllers = [];
  storage = new AsyncLocalStorage();
  closers = [];
  /** Ends what would go on forever. */
  ending = new AbortController();
  isOver = false;
  start = performance.now();

  log(entry, value) {
    if (this.isOver || this.entries.length >= MOST_ENTRIES) {
      this.isOver = true;
      throw new Enough("enough");
    }
    const store = this.storage.getStore();
    const shown = value === undefined ? "" : ` ${value?.code ?? value?.name ?? String(value)}`;
    this.entries.push(
      `${Math.round(performance.now() - this.start)} ${entry}${shown}${store === undefined ? "" : ` in ${store}`}`,
    );
  }

  /** Call `then` after a pause of one of the kinds of pauses. */
  pause(kind, then) {
    switch (kind) {
      case "sync":
        return void then();
      case "tick":
        return void process.nextTick(then);
      case "microtask":
        return void Promise.resolve().then(then);
      case "immediate":
        return void setImmediate(then);
      default:
        return void setTimeout(then, kind);
    }
  }

  /** A promise that is fulfilled after such a pause. */
  paused(kind) {
    return new Promise((resolve) => this.pause(kind, resolve));
  }

  /** A signal by its number; one that is never aborted in the place of one that has not been made. */
  signal(number) {
    this.controllers[number] ??= new AbortController();
    return this.controllers[number].signal;
  }

  close() {
    this.isOver = true;
    this.ending.abort();
    for (const timer of this.timers) {
      clearTimeout(timer);
    }
    for (const close of this.closers) {
      close();
    }
    for (const emitter of this.emitters) {
      emitter.removeAllListeners();
    }
  }
}

/** Run a program to its end. @returns Its log: entries with the milliseconds since its start. */
export async function runSource(source) {
  const $ = new Environment();
  const body = new AsyncFunction("$", ...Object.keys(imports), source);
  const onError = (error) => {
    if (!(error instanceof Enough) && !$.isOver) {
      $.log("uncaught", error);
    }
  };
  const onRejection = (error) => {
    if (!(error instanceof Enough) && !$.isOver) {
      $.log("unhandled", error);
    }
  };
  process.on("uncaughtException", onError);
  process.on("unhandledRejection", onRejection);
  await new Promise((resolve) => {
    setTimeout(resolve, END);
    body($, ...Object.values(imports)).then(() => $.log("main ended"), onRejection);
  });
  $.close();
  await sleep(END);
  process.off("uncaughtException", onError);
  process.off("unhandledRejection", onRejection);
  return $.entries;
}
