import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { defineScenario } from "../../engine/index.ts";
import { bodyOf, runOn, serve, UNSTEADY } from "./http.ts";

/** A store of one number: its version is the ETag, and a write that names another version is refused. */
class Account {
  balance = 100;
  private _version = 1;

  readonly answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method === "PUT") {
      const expected = request.headers["if-match"];
      const balance = Number(await bodyOf(request));
      if (expected !== undefined && expected !== String(this._version)) {
        response.writeHead(412).end();
        return;
      }
      this.balance = balance;
      this._version++;
    }
    response.writeHead(200, { etag: String(this._version) }).end(String(this.balance));
  };
}

type Withdraw = (amount: number) => Promise<void>;

/** Two tellers take money from one account. */
const withdrawals = (withdraw: Withdraw) => async (): Promise<void> => {
  const account = new Account();
  await serve("bank", (request, response) => void account.answer(request, response));
  const teller = (name: string, after: number, amount: number): Promise<void> =>
    runOn(name, async () => {
      await sleep(after);
      await withdraw(amount);
    });
  await Promise.all([teller("ann", 0, 10), teller("ben", 40, 20)]);
  console.log(`balance: ${account.balance}`);
  if (account.balance !== 70) {
    throw new Error(`lost update: the balance is ${account.balance}, not 70`);
  }
};

/** Between the look and the write another client may write. */
const lookThenWrite: Withdraw = async (amount) => {
  const balance = Number(await (await fetch("http://bank/")).text());
  await (await fetch("http://bank/", { method: "PUT", body: String(balance - amount) })).text();
};

/** The write names the version that was seen, and begins again if that is no longer the one. */
const compareAndWrite: Withdraw = async (amount) => {
  for (;;) {
    const seen = await fetch("http://bank/");
    const body = String(Number(await seen.text()) - amount);
    const written = await fetch("http://bank/", {
      method: "PUT",
      headers: { "if-match": seen.headers.get("etag")! },
      body,
    });
    await written.text();
    if (written.ok) {
      return;
    }
  }
};

export const broken = defineScenario({
  name: "node-lost-update",
  about: "two programs that read a balance and write it back",
  network: UNSTEADY,
  main: withdrawals(lookThenWrite),
});

export const fixed = defineScenario({
  name: "node-lost-update-fixed",
  about: "two programs that write only over what they have read",
  network: UNSTEADY,
  main: withdrawals(compareAndWrite),
});
