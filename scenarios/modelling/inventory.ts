import { createTask, defineScenario, getRunningLoop, print, sleep } from "../../engine/index.ts";
import { arrivals, Container, Level, startProcess } from "../../engine/resources/index.ts";

const REORDER_POINT = 20;
const ORDER_UP_TO = 60;
const DAYS = 1000;

/**
 * An (s, S) policy: when the stock and what is ordered fall to s, order up to S. Customers who find too little take
 * what there is, and go.
 */
function* main() {
  const loop = getRunningLoop();
  const [demand, delivery] = [loop.random("demand"), loop.random("delivery")];
  const stock = new Container({ init: ORDER_UP_TO, name: "stock" });
  const onHand = new Level({ initial: ORDER_UP_TO, clock: () => loop.time() });
  let [ordered, orders, wanted, lost] = [0, 0, 0, 0];
  function* deliver(amount: number) {
    yield* sleep(delivery.uniform(1, 3));
    yield* stock.put(amount);
    ordered -= amount;
    onHand.set(stock.level);
  }
  function* customer() {
    const units = demand.integer(1, 4);
    const taken = Math.min(units, stock.level);
    wanted += units;
    lost += units - taken;
    if (taken > 0) {
      yield* stock.get(taken);
      onHand.set(stock.level);
    }
    if (stock.level + ordered <= REORDER_POINT) {
      const amount = ORDER_UP_TO - stock.level - ordered;
      ordered += amount;
      orders++;
      startProcess(deliver(amount));
    }
  }
  createTask(arrivals(() => demand.exponential(0.25), customer));
  yield* sleep(DAYS);
  const empty = (onHand.share(0) * 100).toFixed(1);
  print(
    `${orders} orders in ${DAYS} days; ${onHand.mean.toFixed(1)} units in stock on average, none for ${empty} % of the time`,
  );
  print(`${((1 - lost / wanted) * 100).toFixed(1)} % of ${wanted} units could be delivered at once`);
}

export default defineScenario({
  name: "inventory",
  about: "an (s, S) inventory: when to order, how much, and what is lost meanwhile",
  main,
});
