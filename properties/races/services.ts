import {
  createTask,
  DatagramProtocol,
  type DatagramTransport,
  decode,
  encode,
  gather,
  getRunningLoop,
  History,
  openConnection,
  registerModel,
  requireLinearizable,
  shield,
  sleep,
  startServer,
  TimeoutError,
  timeout,
  waitFor,
} from "../../engine/index.ts";
import { expect, type PlantedBug, pair, turns } from "./planted-race.ts";

/** What services get wrong with each other: late and lost messages, retries, leases, crashes. */
export const services: readonly PlantedBug[] = [
  pair(
    "message boundaries",
    (isFixed) =>
      async function* main() {
        const { network } = getRunningLoop();
        const [server, client] = [network.host("server"), network.host("client")];
        const lines: string[] = [];
        const serving = yield* server.run(
          startServer(
            async function* (reader, writer) {
              for (;;) {
                // A stream has no boundaries: two small messages may come as one.
                const data = isFixed ? yield* reader.readline() : yield* reader.read(100);
                if (data.length === 0) {
                  break;
                }
                lines.push(decode(data));
              }
              writer.close();
            },
            "0.0.0.0",
            80,
          ),
        );
        async function* send() {
          const [, writer] = yield* openConnection("server", 80);
          writer.write(encode("one\n"));
          yield* sleep(0.08);
          writer.write(encode("two\n"));
          yield* sleep(1);
          writer.close();
          yield* writer.waitClosed();
        }
        yield* client.run(send(), { name: "send" });
        serving.close();
        yield* serving.waitClosed();
        expect(lines.join("|") === "one\n|two\n", lines.join("|"));
      },
    { network: { links: { latency: { uniform: [0.01, 0.1] } } } },
  ),
  pair(
    "datagrams out of line",
    (isFixed) =>
      async function* main() {
        const loop = getRunningLoop();
        const { network } = loop;
        const [sensor, display] = [network.host("sensor"), network.host("display")];
        let shown = "";
        let last = 0;
        class Readings extends DatagramProtocol {
          override datagramReceived(data: Uint8Array): void {
            const [number, reading = ""] = decode(data).split(":");
            if (isFixed && Number(number) < last) {
              return;
            }
            last = Number(number);
            shown = reading;
          }
        }
        yield* display.run(loop.createDatagramEndpoint(() => new Readings(), { localAddress: ["0.0.0.0", 9] }));
        async function* send() {
          const [transport] = yield* loop.createDatagramEndpoint(() => new DatagramProtocol(), {
            remoteAddress: ["display", 9],
          });
          (transport as DatagramTransport).sendto(encode("1:cold"));
          yield* sleep(0.01);
          (transport as DatagramTransport).sendto(encode("2:warm"));
          yield* sleep(1);
          transport.close();
        }
        yield* sensor.run(send(), { name: "send" });
        expect(shown === "warm", shown);
      },
    { least: 1, network: { links: { latency: { uniform: [0.01, 0.03] }, reorder: 0.1 } } },
  ),
  pair(
    "acknowledged before it is synced",
    (isFixed) =>
      function* main() {
        const { network } = getRunningLoop();
        const { disk } = network.get("db");
        let isAcknowledged = false;
        network.get("db").boot(function* () {
          if (isAcknowledged) {
            return;
          }
          disk.write("order", "paid");
          if (isFixed) {
            yield* disk.fsync();
          }
          isAcknowledged = true;
          yield* sleep(1);
          yield* disk.fsync();
        });
        network.faults.schedule({
          faults: [{ fault: "crash", host: "db", at: 0, until: 3, spread: 2, optional: true }],
        });
        yield* sleep(9);
        expect(!isAcknowledged || disk.read("order") === "paid", "an acknowledged order is lost");
      },
    { least: 1, network: { hosts: { db: { disk: { syncTime: 0.01 } } } } },
  ),
  pair(
    "two leaders by a lost heartbeat",
    (isFixed) =>
      async function* main() {
        const loop = getRunningLoop();
        const first = loop.network.host("first");
        const second = loop.network.host("second");
        const leaders = new Set(["first"]);
        let heard = 0;
        class Heartbeats extends DatagramProtocol {
          override datagramReceived(): void {
            heard = loop.time();
          }
        }
        yield* second.run(loop.createDatagramEndpoint(() => new Heartbeats(), { localAddress: ["0.0.0.0", 9] }));
        async function* lead() {
          const [transport] = yield* loop.createDatagramEndpoint(() => new DatagramProtocol(), {
            remoteAddress: ["second", 9],
          });
          for (let i = 0; i < 5; i++) {
            (transport as DatagramTransport).sendto(encode("still here"));
            yield* sleep(0.2);
          }
          leaders.delete("first");
          transport.close();
        }
        async function* follow() {
          for (let i = 0; i < 4; i++) {
            yield* sleep(0.25);
            if (loop.time() - heard > (isFixed ? 2 : 0.3)) {
              leaders.add("second");
              expect(leaders.size === 1, [...leaders].join());
              return;
            }
          }
        }
        yield* gather(first.run(lead(), { name: "lead" }), second.run(follow(), { name: "follow" }));
      },
    { least: 1, network: { links: { latency: 0.01, loss: 0.01 } } },
  ),
  pair(
    "expired lease",
    (isFixed) =>
      async function* main() {
        let stored = 0;
        let isOverwritten = false;
        async function* holder() {
          yield* sleep(0.5);
          // The lease of a second was looked at long ago.
          yield* sleep(0.3);
          if (isFixed && stored > 1) {
            return;
          }
          isOverwritten = stored > 1;
          stored = 1;
        }
        async function* next() {
          yield* sleep(1);
          stored = 2;
        }
        yield* gather(createTask(holder(), { name: "holder" }), createTask(next(), { name: "next" }));
        expect(!isOverwritten, "written with an old token");
      },
    { least: 1, delays: 0.4 },
  ),
  pair(
    "retry that pays twice",
    (isFixed) =>
      async function* main() {
        const seen = new Set<string>();
        let charged = 0;
        async function* charge(id: string) {
          yield* sleep(0.1);
          if (isFixed && seen.has(id)) {
            return;
          }
          seen.add(id);
          charged++;
        }
        async function* pay() {
          for (let attempt = 1; attempt <= 3; attempt++) {
            const charging = createTask(charge("order 7"), { name: `charge-${attempt}` });
            try {
              yield* waitFor(shield(charging), 0.15);
              return;
            } catch (error) {
              expect(error instanceof TimeoutError, String(error));
            }
          }
        }
        yield* pay();
        yield* sleep(2);
        expect(charged === 1, `charged ${charged} times`);
      },
    { least: 1, delays: 0.1 },
  ),
  pair(
    "item lost to a deadline",
    (isFixed) =>
      async function* main() {
        const jobs = ["job"];
        let done = "";
        async function* take() {
          const job = jobs.shift() ?? "";
          if (!isFixed) {
            yield* sleep(0.3);
          }
          return job;
        }
        for (let attempt = 0; attempt < 3 && done === ""; attempt++) {
          try {
            done = yield* timeout(0.35, take);
          } catch (error) {
            expect(error instanceof TimeoutError, String(error));
          }
        }
        expect(done === "job", "the job is lost");
      },
    { least: 1, delays: 0.1 },
  ),
  pair(
    "copy that lags behind",
    (isFixed) =>
      function* main() {
        const history = new History();
        let primary = 0;
        let copy = 0;
        function* write(value: number) {
          const writing = history.invoke("writer", "write", value);
          primary = value;
          if (isFixed) {
            copy = primary;
          }
          yield* turns(1);
          writing.ok();
          yield* turns(1);
          copy = primary;
        }
        function* read() {
          yield* turns(6);
          const reading = history.invoke("reader", "read");
          const value = copy;
          yield* turns(1);
          reading.ok(value);
        }
        yield* gather(createTask(write(1), { name: "writer" }), createTask(read(), { name: "reader" }));
        requireLinearizable(history, registerModel(0));
      },
    { least: 1 },
  ),
];
