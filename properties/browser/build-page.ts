import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = new URL("../../", import.meta.url);
/** The file that holds the page's script as a string. */
export const pageScriptFile = fileURLToPath(new URL("engine/trace/page/page-script.ts", root));

/**
 * The text of `engine/trace/page/page-script.ts`: the page's script, translated and put together from
 * `engine/trace/page/view`.
 */
export async function pageScriptModule(): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: fileURLToPath(root),
    entryPoints: ["engine/trace/page/view/main.ts"],
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2023",
    charset: "ascii",
    legalComments: "none",
    write: false,
  });
  const script = (outputFiles[0]?.text ?? "").trim();
  if (/<\/script|<!--/i.test(script)) {
    throw new Error("the page's script holds characters that would end its element");
  }
  return `/** The page's script, made of the files in \`view\` by \`npm run page\`; not to be edited. */
export const PAGE_SCRIPT = ${JSON.stringify(script)};
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(pageScriptFile, await pageScriptModule());
}
