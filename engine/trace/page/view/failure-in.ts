import type { RunModel } from "./run-model.ts";

/** The record at which a run fails: the first task that ends with an error, or else the last record. */
export function failureIn({ records, last }: RunModel): number {
  const at = records.findIndex((record) => record.kind === "end" && record.outcome === "failed");
  return at < 0 ? last : at;
}
