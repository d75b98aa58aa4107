import * as nodeModule from "node:module";
import { fileURLToPath } from "node:url";
import { MessageChannel, type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import { IS_SOURCE, moduleOf } from "../places.ts";
import { initialize, resolveSync } from "./resolve-hook.ts";

/** `module.registerHooks`, which Node 20 lacks, and which Node 26 wants instead of `module.register`. */
const { registerHooks } = nodeModule as { registerHooks?: (hooks: { resolve: typeof resolveSync }) => unknown };

/** In a checkout, tsx is at work already. */
let typeScriptIsReady = IS_SOURCE;
let found: MessagePort | undefined;
const files = new Set<string>();

/**
 * Make `import()` ready for a user's module at `url`: it meets this very engine, and TypeScript is translated.
 *
 * @param importer - The address of the module that will import it.
 */
export async function prepareLoading(url: URL, importer: string): Promise<void> {
  if (!typeScriptIsReady && /\.[mc]?tsx?$/.test(url.pathname)) {
    typeScriptIsReady = true;
    const { register } = await import("tsx/esm/api");
    register();
  }
  if (found === undefined) {
    const { port1, port2 } = new MessageChannel();
    found = port1;
    // Neither keeps a process alive.
    port1.unref();
    setResolveHook(importer, port2);
  }
}

function setResolveHook(importer: string, port: MessagePort): void {
  if (registerHooks !== undefined) {
    port.unref();
    initialize({ importer, port });
    registerHooks({ resolve: resolveSync });
  } else {
    const data = { importer, port };
    nodeModule.register(moduleOf("load/resolve-hook"), { data, transferList: [port] });
  }
}

/** The users' files that have been loaded since the first call of {@link prepareLoading}, other packages left out. */
export function loadedFiles(): string[] {
  while (found !== undefined) {
    const next = receiveMessageOnPort(found);
    if (next === undefined) {
      break;
    }
    const url = new URL(String(next.message));
    if (url.protocol === "file:") {
      // Other hooks add words of their own to addresses.
      files.add(fileURLToPath(url.href.replace(/(?:[?#]|%3F).*/i, "")));
    }
  }
  return [...files];
}
