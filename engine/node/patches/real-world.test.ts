import "../index.ts";
import childProcess from "node:child_process";
import { pbkdf2, pbkdf2Sync, scrypt } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http2 from "node:http2";
import https from "node:https";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import tls from "node:tls";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import { gunzip, gzip } from "node:zlib";
import test from "ava";
import { simulate } from "../../simulation.ts";

test("Refusals: what waits for the real world is refused at the call, with what to do instead", async (t) => {
  const calls: (() => unknown)[] = [
    () => childProcess.exec("true"),
    () => childProcess.spawn("true"),
    () => new Worker("0", { eval: true }),
    () => tls.connect(443),
    () => https.get("https://localhost"),
    () => http2.connect("http://localhost"),
  ];
  const { value } = await simulate(async () =>
    calls.map((call) => {
      try {
        return call();
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        return [code, message.split(":")[0]];
      }
    }),
  );
  const refused = (call: string): unknown => ["ERR_SIMLOOP_UNSUPPORTED", call];
  t.deepEqual(value, [
    refused("child_process.exec"),
    refused("child_process.spawn"),
    refused("worker_threads.Worker"),
    refused("tls.connect"),
    refused("https.get"),
    refused("http2.connect"),
  ]);
});

test("Refusals: a hook of the module loader may use a worker, the module that is loaded may not", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "simloop-loader-"));
  t.teardown(() => rmSync(directory, { recursive: true, force: true }));
  const require = createRequire(import.meta.url);
  require.extensions[".tool"] = (loaded) => {
    void new Worker("", { eval: true }).terminate();
    loaded.exports = "translated";
  };
  t.teardown(() => delete require.extensions[".tool"]);
  const [hooked, own] = [join(directory, "a.tool"), join(directory, "b.cjs")];
  writeFileSync(hooked, "");
  writeFileSync(own, 'new (require("node:worker_threads").Worker)("", { eval: true });');
  const { value } = await simulate(async () => {
    const loaded: unknown = require(hooked);
    return [loaded, t.throws(() => require(own))?.name];
  });
  t.deepEqual(value, ["translated", "UnsupportedError"]);
});

test("Refusals: outside of simulations these functions are Node's own", async (t) => {
  const { stdout } = await promisify(childProcess.execFile)(process.execPath, ["-p", "1 + 1"]);
  t.is(stdout, "2\n");
});

test("Background work: zlib, scrypt and pbkdf2 complete as simulated events, at the time at which they were begun", async (t) => {
  const { value, error } = await simulate(async () => {
    const log: string[] = [];
    const packed = await promisify(gzip)("some text");
    log.push(String(await promisify(gunzip)(packed)));
    const broken = (await promisify(gunzip)(Buffer.from("no gzip")).catch((reason) => reason)) as NodeJS.ErrnoException;
    log.push(String(broken.code));
    const key = await promisify(pbkdf2)("password", "salt", 10, 16, "sha256");
    log.push(String(key.equals(pbkdf2Sync("password", "salt", 10, 16, "sha256"))));
    await new Promise<void>((resolve) => {
      scrypt("password", "salt", 16, () => resolve(void log.push("scrypt")));
      log.push("begun");
    });
    return [...log, performance.now()];
  });
  t.is(error, undefined);
  t.deepEqual(value, ["some text", "Z_DATA_ERROR", "true", "begun", "scrypt", 0]);
});
