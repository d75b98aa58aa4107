import { Buffer } from "node:buffer";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import {
  chmod,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { Writable } from "node:stream";
import test from "ava";
import { openOutput } from "./open-output.ts";
import { Outlet } from "./outlet.ts";
import { OutputFile } from "./output-file.ts";

let folder: string;
const at = (name: string): string => join(folder, name);

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), "simloop-output-"));
});
test.after.always(() => rm(folder, { recursive: true, force: true }));

async function write(path: string, pieces: Iterable<string>): Promise<void> {
  await using file = await OutputFile.open(path);
  await file.write(pieces);
}

async function inFolder(name: string): Promise<string> {
  await mkdir(at(name));
  return at(name);
}

test("Output file: it is there when it is whole, and nothing else is", async (t) => {
  const here = await inFolder("whole");
  const path = join(here, "a.txt");
  await writeFile(path, "before");
  {
    await using file = await OutputFile.open(path);
    t.is(await readFile(path, "utf8"), "before");
    await file.write(["one\n", "x".repeat(200_000), "\ntwo\n"]);
  }
  t.deepEqual([await readFile(path, "utf8"), await readdir(here)], [`one\n${"x".repeat(200_000)}\ntwo\n`, ["a.txt"]]);
});

test("Output file: one that is not written to the end leaves what was there", async (t) => {
  const here = await inFolder("broken");
  const path = join(here, "a.txt");
  await writeFile(path, "before");
  const pieces = function* (): Generator<string> {
    yield "x".repeat(100_000);
    throw new Error("no more");
  };
  const error = await t.throwsAsync(write(path, pieces()));
  t.deepEqual(
    [error.message, await readFile(path, "utf8"), await readdir(here)],
    [`cannot write ${path}: no more`, "before", ["a.txt"]],
  );
});

test("Output file: one that is opened and never written leaves nothing", async (t) => {
  const here = await inFolder("unused");
  {
    await using _file = await OutputFile.open(join(here, "a.txt"));
  }
  t.deepEqual(await readdir(here), []);
});

test("Output file: a directory, or a place in a directory that does not exist, is refused at once", async (t) => {
  const here = await inFolder("refused");
  await t.throwsAsync(OutputFile.open(here), { message: `cannot write ${here}: it is a directory` });
  const lost = join(here, "lost", "a.txt");
  await t.throwsAsync(OutputFile.open(lost), { message: `cannot write ${lost}: ENOENT: no such file or directory` });
  t.deepEqual(await readdir(here), []);
});

const unlessWindows = process.platform === "win32" ? test.skip : test;

(existsSync("/dev/shm") ? test : test.skip)("Output file: a file in memory is one like any other", async (t) => {
  const path = `/dev/shm/simloop-${process.pid}.txt`;
  try {
    await write(path, ["long text"]);
    await write(path, ["text"]);
    t.is(await readFile(path, "utf8"), "text");
  } finally {
    await rm(path, { force: true });
  }
});

unlessWindows("Output file: permissions stay, and a link stays a link", async (t) => {
  const here = await inFolder("linked");
  await writeFile(join(here, "a.txt"), "before");
  await chmod(join(here, "a.txt"), 0o600);
  await symlink("a.txt", join(here, "link.txt"));
  await write(join(here, "link.txt"), ["after"]);
  t.deepEqual(
    [await readFile(join(here, "a.txt"), "utf8"), await readlink(join(here, "link.txt"))],
    ["after", "a.txt"],
  );
  t.is((await stat(join(here, "a.txt"))).mode & 0o777, 0o600);
});

unlessWindows(
  "Output file: a link whose target is missing stays a link, and the target comes into being",
  async (t) => {
    const here = await inFolder("dangling");
    await mkdir(join(here, "there"));
    await symlink(join("there", "first"), join(here, "link.txt"));
    await symlink("second", join(here, "there", "first"));
    await write(join(here, "link.txt"), ["text"]);
    t.deepEqual(
      [await readFile(join(here, "there", "second"), "utf8"), await readlink(join(here, "link.txt"))],
      ["text", join("there", "first")],
    );
    t.deepEqual(
      [await readdir(here), await readdir(join(here, "there"))],
      [
        ["link.txt", "there"],
        ["first", "second"],
      ],
    );
    await symlink("circle", join(here, "circle"));
    await t.throwsAsync(OutputFile.open(join(here, "circle")), { message: /cannot write .*: too many links/ });
  },
);

unlessWindows("Output file: a device is written directly", async (t) => {
  const file = await OutputFile.open("/dev/null");
  t.false((await readdir("/dev")).some((name) => name.startsWith(".simloop-")));
  await file.write(["text"]);
  t.false((await stat("/dev/null")).isFile());
});

const EVALUATE = ["--conditions=simloop-source", "--import=tsx", "--input-type=module", "--eval"];

unlessWindows("Output file: /dev/stdout is written directly, also where it is a regular file", async (t) => {
  const here = await inFolder("stdout");
  const path = join(here, "out.txt");
  await writeFile(path, "before\n");
  const [{ ino }, handle] = [await stat(path), await open(path, "a")];
  const module = new URL("output-file.ts", import.meta.url).href;
  const program = `
    const { OutputFile } = await import(${JSON.stringify(module)});
    const file = await OutputFile.open("/dev/stdout");
    await file.write(["text\\n"]);`;
  const child = spawn(process.execPath, [...EVALUATE, program], { stdio: ["ignore", handle.fd, "inherit"] });
  t.deepEqual(await once(child, "exit"), [0, null]);
  await handle.close();
  t.deepEqual(
    [await readFile(path, "utf8"), (await stat(path)).ino, await readdir(here)],
    ["before\ntext\n", ino, ["out.txt"]],
  );
});

test("Output: - is the standard output; what is appended may be used again at once", async (t) => {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      setImmediate(done);
    },
  });
  const outlet = new Outlet(stream);
  const bytes = new TextEncoder().encode("one\n");
  {
    await using output = await openOutput("-", outlet);
    output.append(bytes);
    bytes.fill(120);
    output.append(bytes);
    await output.write(["two\n", "three\n"]);
    await output.finish();
  }
  await outlet.close();
  t.is(Buffer.concat(chunks).toString(), "one\nxxxxtwo\nthree\n");
});
