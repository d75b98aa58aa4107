import { testProp } from "@fast-check/ava";
import test from "ava";
import fc from "fast-check";
import {
  DatagramProtocol,
  type DatagramTransport,
  type Detail,
  EventLoop,
  encode,
  getRunningLoop,
  type Instrument,
  type LinkOptions,
  type Network,
  RandomStream,
  Recorder,
  randomFaults,
  sleep,
} from "../engine/index.ts";

type Coroutine<T> = Generator<unknown, T, unknown>;

/* What links promise, seen from outside: by what is sent, what arrives, and what an instrument receives. */

const NAMES = ["a", "b", "c", "d"] as const;

interface Delivery {
  readonly from: string;
  readonly to: string;
  readonly number: number;
  readonly sentAt: number;
  readonly at: number;
}

interface Sending {
  readonly from: number;
  readonly to: number;
  readonly at: number;
}

/** Notes the datagrams that come to one host; they carry their own history. */
class Inbox extends DatagramProtocol {
  readonly host: string;
  readonly into: Delivery[];
  transport!: DatagramTransport;

  constructor(host: string, into: Delivery[]) {
    super();
    this.host = host;
    this.into = into;
  }

  override connectionMade(transport: DatagramTransport): void {
    this.transport = transport;
  }

  override datagramReceived(data: Uint8Array): void {
    const { from, number, sentAt } = JSON.parse(new TextDecoder().decode(data));
    this.into.push({ from, to: this.host, number, sentAt, at: getRunningLoop().time() });
  }
}

interface World {
  readonly links?: LinkOptions;
  readonly seed?: number;
  readonly instrument?: Instrument;
  /** Called when the hosts are there, before anything is sent. */
  readonly prepare?: (network: Network) => void;
  /** Called at the end, when nothing is on its way. */
  readonly inspect?: (network: Network) => void;
}

/** Send datagrams between four hosts. @returns What arrived, in order. */
async function deliveries(sendings: readonly Sending[], world: World): Promise<Delivery[]> {
  const received: Delivery[] = [];
  function* open(name: string): Coroutine<Inbox> {
    const [, inbox] = yield* getRunningLoop().createDatagramEndpoint(() => new Inbox(name, received), {
      localAddress: ["0.0.0.0", 9],
    });
    return inbox;
  }
  const loop = new EventLoop({
    seed: world.seed ?? 0,
    network: { links: world.links ?? {} },
    ...(world.instrument === undefined ? {} : { instrument: world.instrument }),
  });
  function* main(): Coroutine<void> {
    const inboxes: Inbox[] = [];
    for (const name of NAMES) {
      inboxes.push(yield* loop.network.host(name).run(open(name)));
    }
    world.prepare?.(loop.network);
    for (const [number, { from, to, at }] of sendings.entries()) {
      loop.callAt(at, () => {
        const message = { from: NAMES[from], number, sentAt: loop.time() };
        inboxes[from]?.transport.sendto(encode(JSON.stringify(message)), [NAMES[to] as string, 9]);
      });
    }
    yield* sleep(1000);
    world.inspect?.(loop.network);
  }
  await loop.runUntilComplete(main());
  return received;
}

/** Instants up to `most` seconds. */
const milliseconds = (most: number): fc.Arbitrary<number> => fc.nat(most * 1000).map((count) => count / 1000);

const host = fc.nat(NAMES.length - 1);
const sendings = fc
  .array(
    // Some come together, so that queues fill.
    fc.record({ from: host, to: host, at: fc.oneof(milliseconds(10), fc.constantFrom(1, 2)) }),
    { maxLength: 60 },
  )
  .map((list) => list.filter(({ from, to }) => from !== to).sort((a, b) => a.at - b.at));
const seeds = fc.nat(1e6);

const roughLinks: fc.Arbitrary<LinkOptions> = fc.record({
  latency: fc.oneof(
    fc.constant({ uniform: [0.01, 0.5] as const }),
    fc.constant({ exponential: 0.03, min: 0.01 }),
    fc.constant({ pareto: [2, 0.01] as const }),
    fc.constant(0.01),
  ),
  bandwidth: fc.constantFrom(Number.POSITIVE_INFINITY, 1e4),
  queueBytes: fc.constantFrom(Number.POSITIVE_INFINITY, 300, 30),
  loss: fc.constantFrom(0, 0.3, 1),
  duplicate: fc.constantFrom(0, 0.5, 1),
  reorder: fc.constantFrom(0, 0.5, 1),
  corrupt: fc.constantFrom(0, 0.3),
});

testProp(
  "Link: nothing arrives before the latency, and nothing that was not sent",
  [sendings, roughLinks, seeds],
  async (t, list, links, seed) => {
    t.pass();
    for (const { from, to, number, sentAt, at } of await deliveries(list, { links, seed })) {
      t.true(at >= sentAt + 0.01 - 1e-12, `sent at ${sentAt}, received at ${at}`);
      const sending = list[number]!;
      t.deepEqual([NAMES[sending.from], NAMES[sending.to], sending.at], [from as "a", to as "a", sentAt]);
    }
  },
  { numRuns: 60 },
);

testProp(
  "Link: without faults each datagram arrives once, in order for each pair of hosts, after exactly the latency",
  [sendings, fc.constantFrom(0, 0.001, 0.7)],
  async (t, list, latency) => {
    const received = await deliveries(list, { links: { latency } });
    t.deepEqual(
      received.map(({ number }) => number).sort((a, b) => a - b),
      list.map((_, number) => number),
    );
    for (const { sentAt, at } of received) {
      t.true(Math.abs(at - (sentAt + latency)) < 1e-9, `sent at ${sentAt}, received at ${at}, latency ${latency}`);
    }
  },
  { numRuns: 30 },
);

/** Counts what an instrument hears of each link, and compares it with what the link says, at every note. */
class Bookkeeper {
  network: Network | null = null;
  notes = 0;
  readonly faults: string[] = [];
  private readonly _books = new Map<string, { sent: number; delivered: number; dropped: number }>();
  readonly instrument: Instrument;

  constructor() {
    const recorder = new Recorder({ mode: "digest" });
    recorder.noted = (kind, detail) => this._note(kind, detail);
    recorder.notedAs = ({ kind, keys }, values) =>
      this._note(kind, Object.fromEntries(keys.map((key, i) => [key, String(values[i])])));
    this.instrument = recorder;
  }

  private _note(kind: string, detail: Detail): void {
    const what = /^network\.(sent|delivered|dropped)$/.exec(kind)?.[1] as "sent" | "delivered" | "dropped" | undefined;
    if (what === undefined || this.network === null) {
      return;
    }
    this.notes++;
    const name = String(detail["link"]);
    const book = this._books.get(name) ?? { sent: 0, delivered: 0, dropped: 0 };
    this._books.set(name, book);
    book[what]++;
    const [from, to] = name.split("→") as [string, string];
    const link = this.network.link(from, to);
    const inFlight = book.sent - book.delivered - book.dropped;
    if (link.sent !== book.sent || link.delivered !== book.delivered || link.dropped !== book.dropped) {
      this.faults.push(`${link} against ${JSON.stringify(book)}`);
    }
    if (link.inFlight !== inFlight || inFlight < 0) {
      this.faults.push(`${link}: ${inFlight} in flight`);
    }
  }
}

testProp(
  "Link: at every instant, sent = delivered + dropped + in flight, and in the end nothing is in flight",
  [sendings, roughLinks, seeds],
  async (t, list, links, seed) => {
    const books = new Bookkeeper();
    const faults = randomFaults(new RandomStream(seed, "faults"), { hosts: NAMES, end: 10 });
    await deliveries(list, {
      links,
      seed,
      instrument: books.instrument,
      prepare: (network) => {
        books.network = network;
        network.faults.schedule(faults);
      },
      inspect: (network) => {
        for (const link of network.links) {
          t.is(link.inFlight, 0, String(link));
        }
      },
    });
    t.deepEqual(books.faults, []);
    t.true(list.length === 0 || books.notes > 0);
  },
  { numRuns: 60 },
);

const cuts = fc.array(
  fc.record({
    group: fc.uniqueArray(host, { minLength: 1, maxLength: 3 }),
    // Half a millisecond away from whatever departs or arrives.
    at: milliseconds(10).map((time) => time + 0.0005),
    lasts: milliseconds(5),
    oneWay: fc.boolean(),
  }),
  { maxLength: 4 },
);

testProp(
  "Faults: a partition stops everything that crosses it while it lasts, and only that",
  [sendings, cuts],
  async (t, list, partitions) => {
    const latency = 0.3;
    const received = await deliveries(list, {
      links: { latency },
      prepare: (network) => {
        network.faults.schedule({
          faults: partitions.map(({ group, at, lasts, oneWay }) => ({
            fault: "partition",
            at,
            until: at + lasts,
            between: [group.map((index) => NAMES[index] as string), null],
            oneWay,
          })),
        });
      },
    });
    const isCut = (from: number, to: number, time: number): boolean =>
      partitions.some(({ group, at, lasts, oneWay }) => {
        const crosses = group.includes(from) !== group.includes(to) && (!oneWay || group.includes(from));
        return crosses && time >= at && time < at + lasts;
      });
    const expected = [...list.entries()].filter(
      ([, { from, to, at }]) => !isCut(from, to, at) && !isCut(from, to, at + latency),
    );
    t.deepEqual(
      received.map(({ number }) => number).sort((a, b) => a - b),
      expected.map(([number]) => number),
    );
  },
  { numRuns: 100 },
);

testProp(
  "Link: equal seeds give equal packets, on every link and under every fault",
  [sendings, roughLinks, seeds],
  async (t, list, links, seed) => {
    const faults = randomFaults(new RandomStream(seed, "faults"), { hosts: NAMES, end: 10 });
    const once = (): Promise<Delivery[]> =>
      deliveries(list, { links, seed, prepare: (network) => void network.faults.schedule(faults) });
    t.deepEqual(await once(), await once());
  },
  { numRuns: 20 },
);

testProp(
  "Link: what is drawn on one link never shifts another",
  [sendings, seeds],
  async (t, list, seed) => {
    const links: LinkOptions = { latency: { exponential: 0.1 }, loss: 0.3, duplicate: 0.3, reorder: 0.5 };
    const elsewhere = ({ from, to }: Delivery): boolean => !(from === "a" && to === "b");
    const plain = await deliveries(list, { links, seed });
    const changed = await deliveries(list, {
      links,
      seed,
      prepare: (network) => {
        network.link("a", "b").set({ corrupt: 0.5, latency: { normal: [0.2, 0.1] } });
        network.faults.impair("a", "b", { loss: 0.5, delay: { exponential: 1 } }, { oneWay: true });
      },
    });
    t.deepEqual(changed.filter(elsewhere), plain.filter(elsewhere));
  },
  { numRuns: 30 },
);

testProp(
  "Faults: what one of them draws never shifts another, whether it comes before or after",
  [sendings, seeds, fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }), fc.boolean()],
  async (t, list, seed, from, to, isFirst) => {
    fc.pre(from !== to && !(from === 0 && to === 1));
    const [a, b] = [NAMES[from] as string, NAMES[to] as string];
    const impaired = (more: boolean): Promise<Delivery[]> =>
      deliveries(list, {
        links: { latency: 0.01 },
        seed,
        prepare: ({ faults }) => {
          const one = (): unknown =>
            faults.impair("a", "b", { loss: 0.5, delay: { exponential: 1 } }, { oneWay: true });
          const other = (): unknown => more && faults.impair(a, b, { loss: 0.5, duplicate: 0.5 }, { oneWay: true });
          for (const begin of isFirst ? [other, one] : [one, other]) {
            begin();
          }
        },
      });
    const ofOne = (all: Delivery[]): Delivery[] => all.filter((each) => each.from === "a" && each.to === "b");
    t.deepEqual(ofOne(await impaired(true)), ofOne(await impaired(false)));
  },
  { numRuns: 40 },
);

test("Link: a different seed leads to different packets", async (t) => {
  const list = Array.from({ length: 40 }, (_, i) => ({ from: i % 4, to: (i + 1) % 4, at: i / 10 }));
  const links: LinkOptions = { latency: { exponential: 0.1 }, loss: 0.5 };
  t.notDeepEqual(await deliveries(list, { links, seed: 1 }), await deliveries(list, { links, seed: 2 }));
});
