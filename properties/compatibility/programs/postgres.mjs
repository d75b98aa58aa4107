import { once } from "node:events";
import postgres from "postgres";
import { createPostgres } from "../servers/postgres.mjs";
import { failureOf, listen } from "./support.mjs";

export const library = "postgres";
export const about = "porsager/postgres: 3 connections, 5 clients, transactions, errors; server of protocol 3";

export default async function program() {
  const server = createPostgres(() => Math.random() * 5);
  const sql = postgres({
    host: "localhost",
    port: await listen(server),
    user: "user",
    database: "bank",
    max: 3,
    fetch_types: false,
    prepare: false,
    onnotice: () => {},
  });
  await Promise.all(
    Array.from({ length: 5 }, async () => {
      for (let j = 0; j < 5; j++) {
        console.log(JSON.stringify(await sql.unsafe("SELECT 1")));
      }
    }),
  );
  console.log((await failureOf(sql.unsafe("NONSENSE"))).message);
  await sql.end();
  server.close();
  await once(server, "close");
}
