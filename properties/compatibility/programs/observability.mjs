import { Writable } from "node:stream";
import pino from "pino";
import client from "prom-client";
import winston from "winston";
import { work } from "./support.mjs";

export const library = "pino";
export const alsoUses = ["winston", "prom-client"];
export const about =
  "logs to the standard output and to streams, with virtual times; counters and histograms of prom-client";

export default async function program() {
  const lines = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const log = pino({ base: null }, stream);
  const child = log.child({ part: "child" });
  child.info({ n: 1 }, "hello");
  await work(10);
  log.error(new Error("bad"), "failed");
  console.log(lines.map((line) => JSON.parse(line).msg).join());
  pino({ base: null, timestamp: false }).info("to the standard output");
  const logger = winston.createLogger({
    format: winston.format.combine(winston.format.printf(({ level, message }) => `${level}: ${message}`)),
    transports: [new winston.transports.Console()],
  });
  logger.warn("careful");
  await new Promise((resolve) => setTimeout(resolve, 5));
  const register = new client.Registry();
  const counter = new client.Counter({ name: "requests_total", help: "requests", registers: [register] });
  const histogram = new client.Histogram({
    name: "seconds",
    help: "seconds",
    buckets: [0.001, 1],
    registers: [register],
  });
  client.collectDefaultMetrics({ register });
  for (let i = 0; i < 5; i++) {
    const end = histogram.startTimer();
    await work(10);
    end();
    counter.inc();
  }
  const metrics = await register.metrics();
  console.log(/^requests_total .*/m.exec(metrics)[0], /^seconds_count .*/m.exec(metrics)[0]);
}
