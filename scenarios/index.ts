import type { Experiment } from "../engine/experiment/index.ts";
import type { Scenario } from "../engine/index.ts";

type LoadScenario = () => Promise<{ readonly default: Scenario }>;

/** The article's scenarios by name, in its order. */
const article = new Map<string, LoadScenario>([
  ["coroutine-object", () => import("./article/coroutine-object.ts")],
  ["await-sequence", () => import("./article/await-sequence.ts")],
  ["create-task", () => import("./article/create-task.ts")],
  ["tcp-server", () => import("./article/tcp-server.ts")],
]);

/** What happens between machines, when something goes wrong. */
const network = new Map<string, LoadScenario>([
  ["retry-storm", () => import("./network/retry-storm.ts")],
  ["chat", () => import("./network/chat.ts")],
  ["dns-failover", () => import("./network/dns-failover.ts")],
  ["gossip", () => import("./network/gossip.ts")],
  ["raft", () => import("./network/raft/raft.ts")],
]);

/** What `simloop sweep` is for. */
const sweeps = new Map<string, LoadScenario>([["canary", () => import("./sweeps/canary.ts")]]);

/** Programs with a planted bug that the default schedule hides, and their corrected twins. */
interface Twins {
  readonly broken: Scenario;
  readonly fixed: Scenario;
}

const twins = (name: string, load: () => Promise<Twins>): [string, LoadScenario][] => [
  [name, async () => ({ default: (await load()).broken })],
  [`${name}-fixed`, async () => ({ default: (await load()).fixed })],
];

/** What `simloop explore` is for. */
const races = new Map<string, LoadScenario>([
  ...twins("cache-stampede", () => import("./races/cache-stampede.ts")),
  ...twins("lost-update", () => import("./races/lost-update.ts")),
  ...twins("lock-order", () => import("./races/lock-order.ts")),
  ...twins("lost-wakeup", () => import("./races/lost-wakeup.ts")),
  ...twins("permit-leak", () => import("./races/permit-leak.ts")),
  ...twins("late-answer", () => import("./races/late-answer.ts")),
  ...twins("crash-between", () => import("./races/crash-between.ts")),
]);

/** The same for ordinary async functions and Node's own modules. */
const node = new Map<string, LoadScenario>([
  ...twins("node-cache-stampede", () => import("./node/cache-stampede.ts")),
  ...twins("node-lost-update", () => import("./node/lost-update.ts")),
  ...twins("node-double-payment", () => import("./node/double-payment.ts")),
  ...twins("node-missed-event", () => import("./node/missed-event.ts")),
  ...twins("node-shared-connection", () => import("./node/shared-connection.ts")),
  ...twins("node-gone-client", () => import("./node/gone-client.ts")),
]);

/** SimPy's documented examples. */
const simpy = new Map<string, LoadScenario>([
  ["simpy-bank-renege", () => import("./simpy/bank-renege.ts")],
  ["simpy-carwash", () => import("./simpy/carwash.ts")],
  ["simpy-machine-shop", () => import("./simpy/machine-shop.ts")],
  ["simpy-movie-renege", () => import("./simpy/movie-renege.ts")],
  ["simpy-gas-station", () => import("./simpy/gas-station.ts")],
  ["simpy-latency", () => import("./simpy/latency.ts")],
  ["simpy-communication", () => import("./simpy/communication.ts")],
]);

/** Models of discrete events beside SimPy's. */
const modelling = new Map<string, LoadScenario>([
  ["mmc-queue", () => import("./modelling/mmc-queue.ts")],
  ["emergency-department", () => import("./modelling/emergency-department.ts")],
  ["inventory", () => import("./modelling/inventory.ts")],
  ["job-shop", () => import("./modelling/job-shop.ts")],
  ["call-centre", () => import("./modelling/call-centre.ts")],
]);

/** All built-in scenarios by name, in the order in which they are listed. */
const builtIn = new Map<string, LoadScenario>([
  ...article,
  ...network,
  ...races,
  ...node,
  ...simpy,
  ...modelling,
  ...sweeps,
]);

const loadAll = (scenarios: ReadonlyMap<string, LoadScenario>): Promise<Scenario[]> =>
  Promise.all([...scenarios.values()].map(async (load) => (await load()).default));

/** The names of the built-in scenarios, without loading them. */
export const builtInNames = (): string[] => [...builtIn.keys()];

/** The built-in scenario called `name`; `undefined` if there is none. */
export async function builtInScenario(name: string): Promise<Scenario | undefined> {
  const load = builtIn.get(name);
  return load === undefined ? undefined : (await load()).default;
}

/** All built-in scenarios, in the order in which they are listed. */
export const builtInScenarios = (): Promise<Scenario[]> => loadAll(builtIn);

/** Those on hosts of a simulated network. */
export const networkScenarios = (): Promise<Scenario[]> => loadAll(network);

/** Those with planted bugs, each followed by its twin. */
export const raceScenarios = (): Promise<Scenario[]> => loadAll(races);

/** Those of ordinary async functions, with planted bugs, each followed by its twin. */
export const nodeScenarios = (): Promise<Scenario[]> => loadAll(node);

/** The experiments that are built in, by name. */
const experiments = new Map<string, () => Promise<{ readonly experiment: Experiment }>>([
  ["mmc-queue", () => import("./modelling/mmc-queue.ts")],
  ["call-centre", () => import("./modelling/call-centre.ts")],
]);

/** The names of the built-in experiments. */
export const experimentNames = (): string[] => [...experiments.keys()];

/** The built-in experiment called `name`; `undefined` if there is none. */
export const builtInExperiment = async (name: string): Promise<Experiment | undefined> =>
  (await experiments.get(name)?.())?.experiment;

/** Models of discrete events beside SimPy's. */
export const modellingScenarios = (): Promise<Scenario[]> => loadAll(modelling);

/** SimPy's documented examples. */
export const simpyScenarios = (): Promise<Scenario[]> => loadAll(simpy);

/** The article's scenarios, in its order. */
export const articleScenarios = (): Promise<Scenario[]> => loadAll(article);
