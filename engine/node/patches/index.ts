import { syncBuiltinESMExports } from "node:module";
import { patchDns } from "../sockets/dns.ts";
import { patchPipe } from "../sockets/pipe.ts";
import { patchTcp } from "../sockets/tcp.ts";
import { patchUdp } from "../sockets/udp.ts";
import { patchAbortSignal } from "./abort-signal.ts";
import { patchBackgroundWork } from "./background-work.ts";
import { patchClocks } from "./clocks.ts";
import { patchCryptoRandom } from "./crypto-random.ts";
import { patchDate } from "./date.ts";
import { patchFileSystem } from "./file-system.ts";
import { patchHttp } from "./http.ts";
import { patchMathRandom } from "./math-random.ts";
import { patchOutput } from "./output.ts";
import { patchProcess } from "./process.ts";
import { patchRefusals } from "./refusals.ts";
import { patchTimers } from "./timers.ts";
import { patchWeakReferences } from "./weak-references.ts";
import { patchWebAssembly } from "./web-assembly.ts";
import { patchZlibStreams } from "./zlib-streams.ts";

/**
 * Put dispatchers in the place of what a simulation replaces. They fall through to Node's own functions while no
 * simulation runs.
 */
export function installPatches(): void {
  patchTimers();
  patchDate();
  patchMathRandom();
  patchClocks();
  patchAbortSignal();
  patchCryptoRandom();
  patchOutput();
  patchProcess();
  patchWeakReferences();
  patchWebAssembly();
  patchTcp();
  patchPipe();
  patchUdp();
  patchDns();
  patchHttp();
  patchBackgroundWork();
  patchZlibStreams();
  patchFileSystem();
  patchRefusals();
  // Named imports of built-in modules see the patches, also those that were evaluated before.
  syncBuiltinESMExports();
}
