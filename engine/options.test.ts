import test from "ava";
import {
  asCompleted,
  ContextVar,
  createTask,
  EventLoop,
  eagerTaskFactory,
  explore,
  filterTrace,
  gather,
  getRunningLoop,
  History,
  htmlPieces,
  openConnection,
  Protocol,
  pcapngPieces,
  Recorder,
  Runner,
  randomFaults,
  requireSession,
  StreamReader,
  simulate,
  sleep,
  startServer,
  svgPieces,
  Task,
  Trace,
  taskGroup,
  toHtml,
  toMermaidGantt,
  toMermaidSequence,
  toPcapng,
  toSvg,
  wait,
} from "./index.ts";

/** What JavaScript code, which no compiler checks, may pass. */
const wrong = (value: unknown): never => value as never;

function refusal(call: () => unknown): string {
  try {
    call();
    return "no error";
  } catch (error) {
    return String(error);
  }
}

test("Options: a misspelt one is refused at the call, wherever there are options", async (t) => {
  const bag = wrong({ nam: "x" });
  const { value, error } = await simulate(function* () {
    const loop = getRunningLoop();
    const future = loop.createFuture<void>();
    const refusals = [
      () => createTask(sleep(1), bag),
      () => loop.createTask(sleep(1), bag),
      () => new Task(loop, sleep(1), bag),
      () => eagerTaskFactory(loop, sleep(1), bag),
      () => future.addDoneCallback(() => {}, bag),
      () => new ContextVar("v", bag),
      () => gather(future, bag),
      () => gather([future], bag),
      () => wait([future], bag),
      () => asCompleted([future], bag),
      () => new EventLoop(bag),
      () => new StreamReader(bag),
      () => startServer(() => {}, "localhost", 80, bag),
      () => openConnection("localhost", 80, bag),
      () => loop.createServer(() => new Protocol(), "localhost", 80, bag),
      () => loop.createConnection(() => new Protocol(), "localhost", 80, bag),
      () => loop.createDatagramEndpoint(() => wrong({}), bag),
      () => loop.getaddrinfo("localhost", 80, bag),
      () => loop.network.names.set("n", ["10.0.0.9"], bag),
      () => loop.network.names.fail("n", "ENOTFOUND", bag),
      () => loop.network.host("a").run(sleep(1), bag),
      () => loop.network.host("b").boot(() => sleep(1), bag),
      () => loop.network.host("c").crash(bag),
      () => loop.network.host("d", { disk: bag }),
      () => loop.network.host("e", { clock: bag }),
      () => loop.network.faults.partition("a", "b", bag),
      () => loop.network.faults.hold("a", "b", bag),
      () => loop.network.faults.impair("a", "b", { loss: 1 }, bag),
      () => loop.network.faults.crash("a", bag),
      () => randomFaults(loop.random("r"), bag),
      () => new Recorder(bag),
      () => filterTrace(Trace.EMPTY, bag),
      () => toHtml(Trace.EMPTY, bag),
      () => htmlPieces(Trace.EMPTY, bag),
      () => toSvg(Trace.EMPTY, bag),
      () => svgPieces(Trace.EMPTY, bag),
      () => toPcapng(Trace.EMPTY, bag),
      () => pcapngPieces(Trace.EMPTY, bag),
      () => toMermaidGantt(Trace.EMPTY, bag),
      () => toMermaidSequence(Trace.EMPTY, bag),
      () => requireSession(new History(), bag),
    ].map(refusal);
    const inGroup = taskGroup(function* (group) {
      group.createTask(sleep(1), bag);
      yield* sleep(1);
    });
    try {
      yield* inGroup;
    } catch (refused) {
      refusals.push(String((refused as AggregateError).errors[0]));
    }
    return refusals;
  });
  const asynchronous = [
    await t.throwsAsync(new Runner().run(sleep(1), bag)),
    await t.throwsAsync(explore(function* () {}, { vary: bag })),
  ].map(String);
  t.is(error, undefined);
  t.deepEqual(
    [...(value ?? []), ...asynchronous].filter(
      (text) => !/^TypeError: .*: unknown option 'nam'(?:; did you mean 'names?'\?| \(known: .*\))$/.test(text),
    ),
    [],
  );
});

test("Options: what is not an object is refused as well, and the message names the function", async (t) => {
  const { value } = await simulate(function* () {
    yield* sleep(0);
    return [
      () => createTask(sleep(1), wrong("name")),
      () => createTask(sleep(1), wrong(null)),
      () => createTask(sleep(1), wrong({ nam: "x" })),
      () => wait([getRunningLoop().createFuture()], wrong(5)),
    ].map(refusal);
  });
  t.deepEqual(value, [
    'TypeError: createTask: expected an object with options, got "name"',
    "TypeError: createTask: expected an object with options, got null",
    "TypeError: createTask: unknown option 'nam'; did you mean 'name'?",
    "TypeError: wait: expected an object with options, got 5",
  ]);
});

test("Options: a context that is none is refused at the call, and no task is made", async (t) => {
  const { value, warnings } = await simulate(function* () {
    const future = getRunningLoop().createFuture<void>();
    const refusals = [
      () => createTask(sleep(1), { context: wrong({}) }),
      () => createTask(sleep(1), { context: wrong(null) }),
      () => future.addDoneCallback(() => {}, { context: wrong("c") }),
    ].map(refusal);
    yield* sleep(1);
    return refusals;
  });
  t.deepEqual(
    [value, warnings],
    [
      [
        "TypeError: createTask: expected a Context, such as copyContext() returns, got {}",
        "TypeError: createTask: expected a Context, such as copyContext() returns, got null",
        'TypeError: addDoneCallback: expected a Context, such as copyContext() returns, got "c"',
      ],
      [],
    ],
  );
});
