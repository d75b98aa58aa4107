import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import test from "ava";
import { simloop } from "./cli.ts";

test("Exit code: of two failures the first decides, and both are reported", async (t) => {
  const directory = await mkdtemp(join(tmpdir(), "simloop-two-failures-"));
  t.teardown(() => rm(directory, { recursive: true }));
  const path = join(directory, "endless.ts");
  await writeFile(
    path,
    `import { defineScenario, print, sleep } from "simloop";
    export default defineScenario({ name: "endless", about: "prints", *main() { for (;;) { yield* sleep(1); print("x"); } } });`,
  );
  const controller = new AbortController();
  const full: NodeJS.ErrnoException = Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
  const stdout = new Writable({
    autoDestroy: false,
    write(_chunk, _encoding, done) {
      controller.abort();
      done(full);
    },
  });
  let err = "";
  const stderr = new Writable({
    write(chunk, _encoding, done) {
      err += String(chunk);
      done();
    },
  });
  const code = await simloop(["run", path], { stdout, stderr, signal: controller.signal });
  t.deepEqual(
    [code, err],
    [130, "simloop: interrupted\nsimloop: cannot write to the standard output: no space left on device\n"],
  );
});
