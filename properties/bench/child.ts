import process from "node:process";
import { measure } from "./measure.ts";
import { limitAgen } from "./peers/limit-agen.ts";
import { limitGen } from "./peers/limit-gen.ts";
import { workloads } from "./workloads/index.ts";
import type { Program } from "./workloads/workload.ts";

/*
 * The measured process: `node child.js <subject> <workload> <scale>` prints one line of JSON. A subject is a floor,
 * `simjs` (its directory in SIMJS_PATH) or a flavour of simloop's; the engine is loaded for the flavours only.
 */

interface Subject {
  readonly version: string;
  readonly programs: Readonly<Record<string, Program>>;
}

async function load(subject: string): Promise<Subject> {
  if (subject === "limit-gen") return { version: "no engine", programs: limitGen };
  if (subject === "limit-agen") return { version: "no engine", programs: limitAgen };
  if (subject === "node-net")
    return { version: process.version, programs: (await import("./peers/node-net.ts")).nodeNet };
  if (subject === "simjs") return (await import("./peers/simjs.ts")).loadSimjs(process.env["SIMJS_PATH"] ?? "");
  return { version: "this checkout", programs: (await import("./simloop/index.ts")).simloopPrograms(subject) };
}

const [subject = "", workloadName = "", scale = "1"] = process.argv.slice(2);
const { version, programs } = await load(subject);
const workload = workloads.find(({ name }) => name === workloadName);
const program = programs[workloadName];
if (workload === undefined || program === undefined) {
  throw new Error(`${subject} has no program for the workload ${workloadName}`);
}
process.stdout.write(`${JSON.stringify(await measure(workload, Number(scale), program, version))}\n`);
