/** What can be asked for with `--peers`. */
export const peers = ["limit-gen", "limit-agen", "simloop", "asyncio", "simpy", "simjs", "node-net"] as const;

/** A peer's name. */
export type Peer = (typeof peers)[number];

/** A floor: the same workload without an engine; for the network, on the real sockets of this machine. */
export type Floor = "limit-gen" | "limit-agen" | "node-net";

/** One row of the tables: a library that does a workload in one particular way. */
export interface Subject {
  /** Unique; the child process knows simloop's flavours by it. */
  readonly id: string;
  readonly peer: Peer;
  readonly title: string;
  /** The floor that the row is compared with. */
  readonly floor: Floor;
  /**
   * The workloads that it runs, each with its share of the asked scale: below 1 where the full size would take too long
   * or too much memory. An engine whose costs a unit grow with the size looks better at a small share, never worse.
   */
  readonly shares: Readonly<Record<string, number>>;
}

const floors: readonly Subject[] = [
  {
    id: "limit-gen",
    peer: "limit-gen",
    title: "limit-gen (floor)",
    floor: "limit-gen",
    shares: { W1: 1, W2: 1, W3: 1, W6: 1, W7: 1 },
  },
  {
    id: "limit-agen",
    peer: "limit-agen",
    title: "limit-agen (floor)",
    floor: "limit-agen",
    shares: { W1: 1, W2: 1, W3: 1, W7: 1 },
  },
];

const simloop: readonly Subject[] = [
  flavour("gen-empty", "gen", { W0: 1 }),
  flavour("gen-empty-digest", "gen, digest", { W0: 1 }),
  flavour("gen", "gen yield", { W1: 1, W2: 1, W7: 1 }),
  flavour("gen-star", "gen yield*", { W1: 1, W2: 1, W3: 1, W7: 1 }),
  flavour("gen-star-8", "gen yield*, depth 8", { W1: 1, W2: 1, W7: 0.1 }),
  flavour("gen-child-8", "gen yield child, depth 8", { W1: 1, W2: 1, W7: 0.1 }),
  flavour("gen-digest", "gen yield, digest", { W1: 1, W2: 1 }),
  flavour("gen-full", "gen yield, full trace", { W1: 1, W2: 1 }),
  flavour("gen-file", "gen yield, full trace to a file", { W1: 1, W2: 1 }),
  flavour("gen-star-digest", "gen yield*, digest", { W3: 1 }),
  flavour("gen-tenth", "gen yield, a tenth", { W7: 0.1 }),
  flavour("callbacks", "callbacks", { W6: 1 }),
  flavour("callbacks-digest", "callbacks, digest", { W6: 1 }),
  flavour("agen-empty", "agen", { W0: 1 }),
  flavour("agen", "agen yield", { W1: 1, W2: 1, W7: 1 }),
  flavour("agen-star", "agen yield*", { W1: 1, W2: 1, W3: 1, W7: 1 }),
  flavour("agen-star-8", "agen yield*, depth 8", { W1: 1, W2: 1, W7: 0.1 }),
  flavour("agen-star-digest", "agen yield*, digest", { W1: 1, W2: 1 }),
  flavour("agen-star-full", "agen yield*, full trace", { W1: 1, W2: 1 }),
  flavour("agen-star-file", "agen yield*, full trace to a file", { W1: 1, W2: 1 }),
  flavour("agen-tenth", "agen yield, a tenth", { W7: 0.1 }),
  flavour("agen-star-tenth", "agen yield*, a tenth", { W7: 0.1 }),
];

const explorations: readonly Subject[] = [
  flavour("gen-off", "gen, no exploration", { W11: 1 }),
  flavour("gen-first", "gen, nothing may vary", { W11: 1 }),
  flavour("gen-mix", "gen, mix", { W11: 1 }),
  flavour("agen-off", "agen, no exploration", { W11: 1 }),
  flavour("agen-mix", "agen, mix", { W11: 1 }),
];

const others: readonly Subject[] = [
  other("asyncio", { W0: 0.1, W1: 0.2, W2: 0.5, W3: 1, W6: 0.5, W7: 0.1 }),
  other("simpy", { W0: 1, W1: 0.5, W2: 0.5, W6: 0.5, W7: 0.2 }),
  other("simjs", { W0: 1, W1: 1, W2: 1, W6: 1, W7: 1 }),
];

const network: readonly Subject[] = [
  { id: "node-net", peer: "node-net", title: "node:net (real sockets)", floor: "node-net", shares: { W5: 1, W8: 0.1 } },
  networked("protocols", "protocols", { W5: 1 }),
  networked("streams", "streams", { W5: 1, W8: 1 }),
  networked("protocols-digest", "protocols, digest", { W5: 1 }),
  networked("datagrams", "datagrams", { W9: 1 }),
  networked("segments", "segments", { W10: 1 }),
  networked("segments-tenth", "segments, a tenth", { W10: 0.1 }),
];

/** Every row, in the order of the tables. */
export const subjects: readonly Subject[] = [...floors, ...simloop, ...others, ...network, ...explorations];

function networked(id: string, title: string, shares: Subject["shares"]): Subject {
  return { id, peer: "simloop", title, floor: "node-net", shares };
}

function flavour(id: string, title: string, shares: Subject["shares"]): Subject {
  return { id, peer: "simloop", title, floor: id.startsWith("agen") ? "limit-agen" : "limit-gen", shares };
}

function other(peer: Peer, shares: Subject["shares"]): Subject {
  return { id: peer, peer, title: peer, floor: "limit-gen", shares };
}
