import { once } from "node:events";
import pg from "pg";
import { createPostgres } from "../servers/postgres.mjs";
import { failureOf, listen, work } from "./support.mjs";

export const library = "pg";
export const about =
  "Pool with 3 connections and 5 clients, simple and prepared statements, transactions, errors, query timeouts; server of protocol 3";

export default async function program() {
  const server = createPostgres(() => Math.random() * 5);
  const port = await listen(server);
  const pool = new pg.Pool({
    host: "localhost",
    port,
    user: "user",
    password: "secret",
    database: "bank",
    max: 3,
    idleTimeoutMillis: 500,
  });
  await Promise.all(
    Array.from({ length: 5 }, async (_, i) => {
      await pool.query("INSERT INTO accounts VALUES ($1, $2)", [`client ${i}`, 100]);
      for (let j = 0; j < 9; j++) {
        const client = await pool.connect();
        try {
          await client.query("BEGIN");
          await client.query({
            name: "pay",
            text: "UPDATE accounts SET balance = balance + $1 WHERE name = $2",
            values: [j, `client ${i}`],
          });
          await client.query("COMMIT");
        } finally {
          client.release();
        }
      }
    }),
  );
  const { rows, rowCount } = await pool.query("SELECT * FROM accounts");
  console.log(rowCount, JSON.stringify(rows.sort((a, b) => a.name.localeCompare(b.name))));
  console.log((await failureOf(pool.query("INSERT INTO accounts VALUES ($1, $2)", ["client 1", 1]))).code);
  console.log((await failureOf(pool.query("NONSENSE"))).message);
  console.log(JSON.stringify((await pool.query("SELECT 1")).rows));
  console.log(pool.totalCount <= 3, pool.waitingCount);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  console.log("left after idling:", pool.totalCount);
  const hurried = new pg.Client({ host: "localhost", port, query_timeout: 1 });
  await hurried.connect();
  await work(1);
  console.log((await hurried.query("SELECT 1").catch(({ message }) => ({ rows: [message] }))).rows.length);
  await hurried.end();
  await pool.end();
  server.close();
  await once(server, "close");
}
