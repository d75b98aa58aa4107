import { once } from "node:events";
import http from "node:http";
import DataLoader from "dataloader";
import { buildSchema, graphql } from "graphql";
import { bodyOf, listen, work } from "./support.mjs";

export const library = "graphql";
export const alsoUses = ["dataloader"];
export const about = "resolvers that load in batches, over http";

export default async function program() {
  const schema = buildSchema(
    "type User { id: ID! name: String! friends: [User!]! } type Query { user(id: ID!): User }",
  );
  const server = http.createServer(async (request, response) => {
    const batches = [];
    const loader = new DataLoader(async (ids) => {
      batches.push(ids.length);
      await work(10);
      return ids.map((id) => ({
        id,
        name: `user ${id}`,
        friends: async () => loader.loadMany([Number(id) + 1, Number(id) + 2].map(String)),
      }));
    });
    const result = await graphql({
      schema,
      source: await bodyOf(request),
      rootValue: { user: ({ id }) => loader.load(id) },
    });
    response.end(JSON.stringify({ ...result, batches }));
  });
  const url = `http://localhost:${await listen(server)}`;
  await Promise.all(
    Array.from({ length: 5 }, async (_, i) => {
      console.log(
        await (
          await fetch(url, { method: "POST", body: `{ user(id: "${i}") { name friends { name friends { id } } } }` })
        ).text(),
      );
    }),
  );
  server.closeAllConnections();
  server.close();
  await once(server, "close");
}
