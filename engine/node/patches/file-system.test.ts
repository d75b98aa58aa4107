import "../index.ts";
import fs, { createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { createBrotliCompress, createBrotliDecompress, createGunzip, createGzip } from "node:zlib";
import test from "ava";
import { simulate } from "../../simulation.ts";

let directory: string;
test.before(() => {
  directory = mkdtempSync(join(tmpdir(), "simloop-fs-"));
});
test.after.always(() => rmSync(directory, { recursive: true, force: true }));

test("File system: callbacks and promises complete as simulated events, at the time at which they were begun", async (t) => {
  const path = join(directory, "a.txt");
  const { value, error, time } = await simulate(async () => {
    const log: string[] = [];
    await writeFile(path, "some text");
    fs.stat(path, (failure, stats) => log.push(`stat ${failure} ${stats.size}`));
    log.push("begun");
    log.push(String(await readFile(path, "utf8")));
    const { bytesRead, buffer } = await promisify(fs.read)(fs.openSync(path, "r"), Buffer.alloc(4), 0, 4, 0);
    log.push(`${bytesRead} ${buffer}`);
    log.push(String(await new Promise((resolve) => fs.exists(path, resolve))));
    log.push(String(((await readFile(`${path}.not`).catch((reason) => reason)) as NodeJS.ErrnoException).code));
    await new Promise<void>((resolve) => {
      fs.readdir(`${path}.not`, (failure) => resolve(void log.push(String(failure?.code))));
    });
    t.throws(() => fs.readFile(5.5 as never, () => {}), { code: "ERR_INVALID_ARG_TYPE" });
    return log;
  });
  t.is(error, undefined);
  t.deepEqual(value, ["begun", "stat null 9", "some text", "4 some", "true", "ENOENT", "ENOENT"]);
  t.is(time, 0);
});

test("File system: streams of files and of zlib, one into the other", async (t) => {
  const [from, to] = [join(directory, "from.txt"), join(directory, "to.gz")];
  fs.writeFileSync(from, "line\n".repeat(50_000));
  const { value, error } = await simulate(async () => {
    await pipeline(createReadStream(from), createGzip(), createWriteStream(to));
    const unpacked = await text(createReadStream(to).pipe(createGunzip()));
    const brotli = Readable.from([Buffer.from("brotli")])
      .pipe(createBrotliCompress())
      .pipe(createBrotliDecompress());
    return [unpacked.length, await text(brotli)];
  });
  t.deepEqual([error, value], [undefined, [250_000, "brotli"]]);
  t.is(readFileSync(to)[0], 0x1f);
});

test("Streams of zlib: broken data is an error of the stream, after the call", async (t) => {
  const { value, error } = await simulate(async () => {
    const log: string[] = [];
    const stream = createGunzip();
    stream.on("error", (failure: NodeJS.ErrnoException) => log.push(String(failure.code)));
    stream.write("no gzip");
    log.push("written");
    await new Promise((resolve) => setTimeout(resolve, 1));
    return log;
  });
  t.deepEqual([error, value], [undefined, ["written", "Z_DATA_ERROR"]]);
});

test("File system, zlib: outside of simulations these functions are Node's own", async (t) => {
  t.is((await readFile(process.execPath)).length > 0, true);
  const packed = Readable.from([Buffer.from("text")])
    .pipe(createGzip())
    .pipe(createGunzip());
  t.is(await text(packed), "text");
});

test("File system, zlib: equal runs have equal digests", async (t) => {
  const program = async () => {
    const files = await Promise.all(["a", "b"].map((name) => writeFile(join(directory, name), name).then(() => name)));
    const unpacked = await text(
      Readable.from([Buffer.from(files.join())])
        .pipe(createGzip())
        .pipe(createGunzip()),
    );
    return unpacked;
  };
  const [first, second] = [await simulate(program), await simulate(program)];
  t.deepEqual([first.value, first.digest], ["a,b", second.digest]);
});
