import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where the pages and the package are. */
export const checkout = fileURLToPath(new URL("../..", import.meta.url));

const SOURCES = join(checkout, "scenarios", "article");

/** A source of this checkout as a user of the package would write it. */
export const asUser = (source: string): string => source.replaceAll('"../../engine/index.ts"', '"simloop"');

/**
 * A directory in which programs of the docs stand as in a user's project: `simloop` is installed, the article's files
 * stand beside them.
 */
export class Stage {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  /** Make one. Call {@link remove} in the end. */
  static async build(): Promise<Stage> {
    const stage = new Stage(await mkdtemp(join(tmpdir(), "simloop-docs-")));
    await mkdir(join(stage.directory, "node_modules"));
    await symlink(checkout, join(stage.directory, "node_modules", "simloop"), "junction");
    await symlink(
      join(checkout, "node_modules/fast-check"),
      join(stage.directory, "node_modules", "fast-check"),
      "junction",
    );
    await cp(join(checkout, "properties/docs/virtual_clock.py"), join(stage.directory, "virtual_clock.py"));
    await stage.write("package.json", '{ "private": true, "type": "module" }\n');
    const names = await readdir(SOURCES);
    for (const name of names.filter((name) => !name.endsWith(".test.ts"))) {
      await stage.write(name, asUser(await readFile(join(SOURCES, name), "utf8")));
    }
    return stage;
  }

  /** Write a file, and give its path. */
  async write(name: string, text: string): Promise<string> {
    const path = join(this.directory, name);
    await writeFile(path, text);
    return path;
  }

  remove(): Promise<void> {
    return rm(this.directory, { recursive: true, force: true });
  }
}
