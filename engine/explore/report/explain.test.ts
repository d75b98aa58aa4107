import test from "ava";
import {
  always,
  choose,
  createTask,
  type ExploreOptions,
  encode,
  explore,
  gather,
  getRunningLoop,
  type Program,
  replay,
  shared,
  sleep,
} from "../../index.ts";

/** What the deviations of the smallest failure are said to be. */
const deviationsOf = async (program: Program<unknown>, options: ExploreOptions = {}) =>
  (await explore(program, options)).failure?.deviations.map(({ text }) => text);

/** Fails when it ends later than at `limit`. */
function* inTime(limit: number) {
  yield* sleep(1);
  if (getRunningLoop().time() > limit) {
    throw new Error("late");
  }
}

/** Sends `texts` from a to b by datagrams. @returns How many have arrived a second later. */
function* arrived(...texts: string[]) {
  const loop = getRunningLoop();
  const { network } = loop;
  let count = 0;
  const listen = { connectionMade() {}, datagramReceived: () => count++, errorReceived() {}, connectionLost() {} };
  const address = ["b", 9] as const;
  yield* network.get("b").run(loop.createDatagramEndpoint(() => listen as never, { localAddress: ["0.0.0.0", 9] }));
  yield* network.get("a").run(
    (function* () {
      const [transport] = yield* loop.createDatagramEndpoint(() => listen as never, { remoteAddress: address });
      for (const text of texts) {
        transport.sendto(encode(text));
      }
      yield* sleep(1);
      transport.close();
    })(),
  );
  return count;
}

test("explore: a deviation says what was chosen, not only which option", async (t) => {
  t.deepEqual(await deviationsOf(() => inTime(1.2), { vary: { delays: 1 } }), [
    "t:main@1=1 at 0 s: the sleep that main#1 began is late by 0.25 s",
  ]);
  t.deepEqual(
    await deviationsOf(function* () {
      yield* sleep(0.1);
      if (choose("ack", ["arrives", { lost: 1n }]) !== "arrives") {
        throw new Error("lost");
      }
    }),
    ['c:ack=1 at 0.1 s: {"lost":1n} instead of "arrives"'],
  );
});

test("explore: a deviation of the network says what becomes of the packet, and which latency there would have been", async (t) => {
  const hosts = { a: {}, b: {} };
  function* slow() {
    yield* arrived("x");
  }
  const lossy = { network: { hosts, links: { loss: 0.01 } } };
  const losing = function* () {
    if ((yield* arrived("x")) === 0) {
      throw new Error("nothing came");
    }
  };
  t.deepEqual(await deviationsOf(losing, lossy), ["loss:a>b@1=1 at 0 s: the packet is lost"]);
  const late = function* () {
    always(() => getRunningLoop().time() !== 0.5);
    yield* slow();
  };
  const [text] = (await deviationsOf(late, { network: { hosts, links: { latency: { uniform: [0.1, 0.5] } } } })) ?? [];
  t.regex(text ?? "", /^d:a>b@1=2 at 0 s: the packet takes the longest latency, 0\.5 s, instead of 0\.\d{1,9} s$/);
});

test("explore: a deviation of a fault says what happens to whom, and when it would have happened", async (t) => {
  const crashing = (optional: boolean) =>
    function* main() {
      const { network } = getRunningLoop();
      const fault = { fault: "crash", host: "db", at: 1, until: 5, spread: 7, optional } as const;
      network.faults.schedule({ faults: [fault], end: 20 });
      let isUp = true;
      network.get("db").boot(function* () {
        yield* sleep(3.5);
        isUp = getRunningLoop().time() > 4;
        yield* sleep(1);
        isUp = true;
      });
      yield* sleep(5);
      if (!isUp) {
        throw new Error("down");
      }
    };
  const network = { hosts: { db: {} } };
  t.deepEqual(await deviationsOf(crashing(false), { network }), [
    "f:crash@1=3 at 0 s: crash of db at 4 s instead of 1 s",
  ]);
  t.deepEqual(await deviationsOf(crashing(true), { network }), ["f:crash@1=4 at 0 s: crash of db at 4 s"]);
});

/** Room for two; three ask before they enter. */
function* main() {
  const room = shared({ people: 0 }, "room");
  always(() => room.people <= 2);
  function* enter(hops: number) {
    for (let i = 0; i < hops; i++) {
      yield* sleep(0.1);
    }
    if (room.people < 2) {
      yield* sleep(0);
      room.people++;
      for (let i = 0; i < 7; i++) {
        yield* sleep(0);
      }
      room.people--;
    }
  }
  yield* gather([1, 2, 3].map((hops) => createTask(enter(hops), { name: `v${hops}` })));
}

test("explore: the report of a broken invariant names the step that broke it", async (t) => {
  const report = await explore(main, { vary: { delays: 0.4 } });
  const { step } = report.failure!;
  t.is(
    String(report).split("\n")[0],
    `failed: invariant at 0.3 s, after ${step}, in the default schedule but for 2 deviations`,
  );
});

test("explore: the picture of a long run shows where it leaves the default schedule, and its end; instants are shown to the nanosecond", async (t) => {
  const { failure } = await explore(
    function* program() {
      let x = 0;
      function* add(hops: number) {
        for (let i = 0; i < hops; i++) {
          yield* sleep(0);
        }
        const before = x;
        yield* sleep(0);
        x = before + 1;
      }
      yield* sleep(0.1);
      yield* sleep(0.2);
      yield* gather(createTask(add(0), { name: "A" }), createTask(add(4), { name: "B" }));
      for (let i = 0; i < 9; i++) {
        yield* sleep(0);
      }
      if (x !== 2) {
        throw new Error("lost");
      }
    },
    { strategy: "reversal" },
  );
  t.deepEqual(
    failure?.explanation.picture.map((line) => line.replace(/ +/g, " ")),
    [
      "time | A | the others",
      "0.3 s | | B#1",
      "0.3 s | | B#2",
      "0.3 s | | B#3",
      "0.3 s | | B#4",
      "0.3 s | | B#5",
      "0.3 s | A#2 ends <- held until here |",
      "0.3 s | | B#6 ends",
      "0.3 s | | A!1",
      "0.3 s | | B!1",
      "0.3 s | | main#4",
      "0.3 s | | main#5",
      "… 6 more steps",
      "0.3 s | | main#12",
      "0.3 s | | main#13 ends",
      "0.3 s | | main!1",
      "failure",
    ],
  );
});

test("replay: explains the failure as the report does, and says nothing of a run that passes", async (t) => {
  const late = () => inTime(1.2);
  const options = { vary: { delays: 1 } };
  const report = await explore(late, options);
  const { explanation } = await replay(late, report.failure?.token ?? "", options);
  t.true(
    explanation.startsWith("failed: error at 1.25 s, in the default schedule but for 1 deviation\n  Error: late\n"),
  );
  t.true(String(report).startsWith(explanation));
  t.is((await replay(late, "s1:", options)).explanation, "");
  const hopeless = await replay(() => inTime(0), "s1:t:main@1=1", options);
  t.regex(hopeless.explanation, /the baseline run fails as well$/);
});
