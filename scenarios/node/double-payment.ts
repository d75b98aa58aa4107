import { randomUUID } from "node:crypto";
import { defineScenario } from "../../engine/index.ts";
import { runOn, serve, UNSTEADY } from "./http.ts";

/** A request whose answer comes too late is sent again, although it was obeyed. */
const payment = (isIdempotent: boolean) => async (): Promise<void> => {
  const paid = new Set<string>();
  let payments = 0;
  await serve("shop", (request, response) => {
    const key = request.headers["idempotency-key"] as string | undefined;
    if (key === undefined || !paid.has(key)) {
      payments++;
    }
    paid.add(key ?? "");
    response.end("paid");
  });
  await runOn("customer", async () => {
    const headers = isIdempotent ? { "idempotency-key": randomUUID() } : {};
    for (let attempt = 1; ; attempt++) {
      try {
        const signal = AbortSignal.timeout(30);
        const answer = await fetch("http://shop/pay", { method: "POST", headers, signal });
        console.log(`${await answer.text()} at attempt ${attempt}`);
        return;
      } catch (error) {
        if (attempt === 5) {
          throw error;
        }
      }
    }
  });
  if (payments !== 1) {
    throw new Error(`the customer has paid ${payments} times`);
  }
};

export const broken = defineScenario({
  name: "node-double-payment",
  about: "a retry after a time limit that applies twice",
  network: UNSTEADY,
  main: payment(false),
});

export const fixed = defineScenario({
  name: "node-double-payment-fixed",
  about: "a retry that the server knows by its key",
  network: UNSTEADY,
  main: payment(true),
});
