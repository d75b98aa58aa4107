import { once } from "node:events";
import mysql from "mysql2";
import { createConnection, createPool } from "mysql2/promise";
import { failureOf, work } from "./support.mjs";

export const library = "mysql2";
export const about =
  "its own server in the simulation; a pool of 3 connections, 5 clients of 10 queries, errors, time limits";

export default async function program() {
  const server = mysql.createServer();
  let number = 0;
  const sockets = [];
  server.on("connection", (connection) => {
    sockets.push(connection.stream);
    connection.on("error", () => {});
    connection.serverHandshake({
      protocolVersion: 10,
      serverVersion: "5.6.10",
      connectionId: ++number,
      statusFlags: 2,
      characterSet: 8,
      capabilityFlags: 0xffffff,
    });
    connection.on("query", async (sql) => {
      await work(10);
      connection.sequenceId = 1;
      if (sql === "NONSENSE") {
        connection.writeError({ code: 1064, message: "syntax error" });
      } else if (sql !== "SLEEP") {
        connection.writeTextResult(
          [{ answer: sql }],
          [
            {
              name: "answer",
              columnType: 253,
              catalog: "def",
              schema: "",
              table: "",
              orgTable: "",
              orgName: "answer",
              characterSet: 33,
              columnLength: 100,
              flags: 0,
              decimals: 0,
            },
          ],
        );
      }
      connection.sequenceId = 0;
    });
  });
  server.listen(0);
  await once(server._server, "listening");
  const { port } = server._server.address();
  const pool = createPool({ host: "localhost", port, user: "user", database: "bank", connectionLimit: 3 });
  await Promise.all(
    Array.from({ length: 5 }, async (_, client) => {
      for (let i = 0; i < 10; i++) {
        const [rows] = await pool.query(`SELECT ${client} ${i}`);
        console.log(rows[0].answer);
      }
    }),
  );
  console.log((await failureOf(pool.query("NONSENSE"))).message);
  await pool.end();
  const hurried = await createConnection({ host: "localhost", port, user: "user" });
  console.log((await failureOf(hurried.query({ sql: "SLEEP", timeout: 50 }))).code);
  hurried.destroy();
  server._server.close();
  for (const socket of sockets) {
    socket.destroy();
  }
  await once(server._server, "close");
}
