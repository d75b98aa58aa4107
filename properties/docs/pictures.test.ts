import { readdir, readFile } from "node:fs/promises";
import test from "ava";
import { articlePictures, picturesFolder } from "./pictures.ts";

test("Pictures: those of the article's programs are up to date; if not, `npm run pictures` makes them anew", async (t) => {
  const stale: string[] = [];
  const pictures = await articlePictures();
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
