import { once } from "node:events";

/** Let `server` listen at a free port. @returns The port. */
export async function listen(server) {
  server.listen(0);
  await once(server, "listening");
  return server.address().port;
}

/** Sleep up to `milliseconds`, as a service that sometimes takes longer. */
export const work = (milliseconds) => new Promise((resolve) => setTimeout(resolve, Math.random() * milliseconds));

/** The whole of a stream of bytes, as a string. */
export async function bodyOf(stream) {
  const pieces = [];
  for await (const piece of stream) {
    pieces.push(Buffer.from(piece));
  }
  return Buffer.concat(pieces).toString();
}

/** What a promise is rejected with. */
export const failureOf = (promise) =>
  promise.then(
    (value) => {
      throw new Error(`expected a failure, got ${value}`);
    },
    (error) => error,
  );
