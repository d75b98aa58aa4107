import * as nodeModule from "node:module";
import { resolveSync } from "./resolve-hook.ts";

/** `module.registerHooks`, which Node 20 lacks, and which Node 26 wants instead of `module.register`. */
const { registerHooks } = nodeModule as { registerHooks?: (hooks: { resolve: typeof resolveSync }) => unknown };

/** The ending of this file: `.ts` in a checkout, where tsx is at work already, and `.js` when compiled. */
const ownEnding = import.meta.url.slice(import.meta.url.lastIndexOf("."));

let typeScriptIsReady = ownEnding === ".ts";
let hookIsSet = false;

/** Make `import()` ready for a user's module at `url`: it meets this very engine, and TypeScript is translated. */
export async function prepareLoading(url: URL): Promise<void> {
  if (!typeScriptIsReady && /\.[mc]?tsx?$/.test(url.pathname)) {
    typeScriptIsReady = true;
    const { register } = await import("tsx/esm/api");
    register();
  }
  if (!hookIsSet) {
    hookIsSet = true;
    setResolveHook();
  }
}

function setResolveHook(): void {
  if (registerHooks !== undefined) {
    registerHooks({ resolve: resolveSync });
  } else {
    nodeModule.register(`./resolve-hook${ownEnding}`, import.meta.url);
  }
}
