import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, symlinkSync, unlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Build } from "./build.ts";
import { UsageError } from "./options.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

const git = (...args: string[]) => spawnSync("git", args, { cwd: root, encoding: "utf8" });

/**
 * Engine and programs as they were at `ref`, in a git worktree of their own, with the packages that are installed here.
 *
 * @throws UsageError if the commit is unknown, or it has no benchmark.
 */
export async function buildAt(ref: string): Promise<Build> {
  const directory = mkdtempSync(join(tmpdir(), "simloop-compare-"));
  const tree = join(directory, "tree");
  const packages = join(tree, "node_modules");
  const added = git("worktree", "add", "--detach", tree, ref);
  const remove = (): void => {
    if (existsSync(packages)) unlinkSync(packages);
    git("worktree", "remove", "--force", tree);
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const script = join(tree, "properties/bench/build.ts");
    if (added.status !== 0) throw new UsageError(`--compare: git finds no commit '${ref}'`);
    if (!existsSync(script)) throw new UsageError(`--compare: there is no benchmark at '${ref}'`);
    symlinkSync(join(root, "node_modules"), packages, "dir");
    const { build } = (await import(pathToFileURL(script).href)) as typeof import("./build.ts");
    const built = await build();
    return {
      ...built,
      remove: () => {
        built.remove();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}
