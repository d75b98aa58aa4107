import { readdir, readFile } from "node:fs/promises";
import test from "ava";
import { allPictures, picturesDirectory } from "./pictures.ts";

test("Pictures: all are up to date; if not, `npm run pictures` makes them anew", async (t) => {
  const stale: string[] = [];
  const pictures = await allPictures();
  for (const [name, svg] of pictures) {
    if ((await readFile(new URL(name, picturesDirectory), "utf8").catch(() => "")) !== svg) {
      stale.push(name);
    }
  }
  t.deepEqual(stale, []);
  t.deepEqual(
    (await readdir(picturesDirectory)).filter((name) => !pictures.has(name)),
    [],
  );
});
