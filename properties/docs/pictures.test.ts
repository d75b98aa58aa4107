import { readdir, readFile } from "node:fs/promises";
import test from "ava";
import { allPictures, picturesFolder } from "./pictures.ts";

test("Pictures: all are up to date; if not, `npm run pictures` makes them anew", async (t) => {
  const stale: string[] = [];
  const pictures = await allPictures();
  for (const [name, svg] of pictures) {
    if ((await readFile(new URL(name, picturesFolder), "utf8").catch(() => "")) !== svg) {
      stale.push(name);
    }
  }
  t.deepEqual(stale, []);
  t.deepEqual(
    (await readdir(picturesFolder)).filter((name) => !pictures.has(name)),
    [],
  );
});
