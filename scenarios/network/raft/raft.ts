import {
  always,
  DatagramProtocol,
  defineScenario,
  encode,
  type FaultPlan,
  getRunningLoop,
  print,
  randomFaults,
  sleep,
} from "../../../engine/index.ts";
import { RAFT_PORT, RaftNode } from "./raft-node.ts";
import { Safety } from "./safety.ts";

const NODES = ["n1", "n2", "n3", "n4", "n5"];
const COMMANDS = 20;
const FAULTY_SECONDS = 30;

const show = (fault: FaultPlan["faults"][number]): string => {
  const where = "host" in fault ? fault.host : fault.between.map((group) => group?.join(" ") ?? "others").join(" | ");
  return `${fault.at.toFixed(3).padStart(7)} s: ${fault.fault} ${where}, until ${fault.until?.toFixed(3)} s`;
};

/** Sends each command to all nodes again and again until it is committed: one of them leads, or will. */
async function* propose(safety: Safety) {
  const loop = getRunningLoop();
  const [transport] = yield* loop.createDatagramEndpoint(() => new DatagramProtocol(), { family: 4 });
  for (let i = 1; i <= COMMANDS; i++) {
    const command = `set x to ${i}`;
    while (!safety.isCommitted(command)) {
      for (const node of NODES) {
        transport.sendto(encode(JSON.stringify({ type: "propose", command })), [node, RAFT_PORT]);
      }
      yield* sleep(0.25);
    }
    yield* sleep(1);
  }
}

async function* main() {
  const { network } = getRunningLoop();
  const safety = new Safety();
  always(() => safety.check());
  for (const name of NODES) {
    const host = network.get(name);
    host.boot(() => new RaftNode(host, NODES, safety).run());
  }
  const plan = network.faults.schedule(
    randomFaults(getRunningLoop().random("faults"), {
      hosts: NODES,
      end: FAULTY_SECONDS,
      kinds: ["partition", "crash", "pause", "impair"],
      meanGap: 2,
      meanDuration: 4,
    }),
  );
  print("What goes wrong:");
  for (const fault of plan.faults) {
    print(show(fault));
  }
  print(`${FAULTY_SECONDS.toFixed(3).padStart(7)} s: all is healed`);
  print("What the cluster does:");
  yield* network.get("client").run(propose(safety));
  print(
    `${getRunningLoop().time().toFixed(3).padStart(7)} s: ${safety.committedCount} commands are committed, in the same order everywhere`,
  );
}

export default defineScenario({
  name: "raft",
  about: "leader election and a replicated log under partitions and crashes, its safety checked all along",
  network: {
    hosts: Object.fromEntries([...NODES, "client"].map((name) => [name, { disk: { syncTime: 0.002 } }])),
    links: { latency: { uniform: [0.001, 0.01] } },
  },
  main,
});
