import "../../engine/node/index.ts";
import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import { getRunningLoop, type Host, type Task } from "../../engine/index.ts";

/** The host called `name` of the simulated network, made if there is none yet. */
export function hostNamed(name: string): Host {
  const { network } = getRunningLoop();
  return network.hosts.find((host) => host.name === name) ?? network.host(name);
}

/** Let the host called `name` answer requests at port 80 from now on. */
export async function serve(name: string, answer: RequestListener): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    hostNamed(name).boot(async () => {
      const server: Server = createServer(answer).listen(80);
      server.once("error", reject);
      await once(server, "listening");
      resolve();
      await new Promise(() => {});
    });
  });
}

/** Run `program` on the host called `name`. @returns A promise of its result. */
export function runOn<T>(name: string, program: () => Promise<T>): Promise<T> {
  const task: Task<T> = hostNamed(name).run(program);
  return new Promise<T>((resolve, reject) => {
    task.addDoneCallback(() => {
      const error = task.cancelled() ? new Error(`${name} was stopped`) : task.exception();
      if (error === null) {
        resolve(task.result());
      } else {
        reject(error);
      }
    });
  });
}

/** What `url` answers. */
export const textOf = async (url: string, options: RequestInit = {}): Promise<string> =>
  await (await fetch(url, options)).text();

/** The whole body of a request. */
export async function bodyOf(request: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of request) {
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}

/** Links whose packets take from one to nine milliseconds; an exploration chooses how long each takes. */
export const UNSTEADY = { links: { latency: { uniform: [0.001, 0.009] } } } as const;
