/// <reference lib="esnext.disposable" preserve="true" />

/** simloop/experiment: many runs of one program, over seeds and parameters. */

export { withFaults } from "../scenario.ts";
export { type Campaign, campaignId } from "./campaign.ts";
export { type Coordination, coordinate, ImpureSweepError, type JobWorker } from "./coordinate.ts";
export { DistinctCount } from "./distinct.ts";
export {
  defineExperiment,
  type Experiment,
  type ExperimentOptions,
  type Measure,
  type Model,
  type ReplicationInfo,
  type Replications,
} from "./experiment.ts";
export { reportOfCampaign } from "./experiment-campaign.ts";
export { ExperimentReport, type SettingResult } from "./experiment-report.ts";
export { experimentScenario } from "./experiment-scenario.ts";
export { type FailedRun, type FailureGroup, FailureGroups } from "./failure-groups.ts";
export type { LongRun } from "./longest-runs.ts";
export { mergeResults } from "./merge-results.ts";
export { type Grid, type Setting, settingsOf, settingText } from "./parameters.ts";
export {
  type Job,
  jobKey,
  jobsOfPlan,
  type Plan,
  requireSeeds,
  type SeedRange,
  type Shard,
  seedsOfShard,
  sizeOf,
} from "./plan.ts";
export { isRangeResult, type LostRun, type RangeResult } from "./range-result.ts";
export { ExperimentError, type ReplicationPhase, replicationRuns, runReplication, seedOf } from "./replication.ts";
export type { Replication, ReplicationData, ReplicationResult, Series } from "./replication-result.ts";
export { MemoryStore, type ResultStore } from "./result-store.ts";
export {
  type ExperimentProgress,
  type ExperimentWorkers,
  localReplications,
  type RunExperimentOptions,
  runExperiment,
} from "./run-experiment.ts";
export { type RunOne, runRange, runVariant, type SeedOutcome } from "./run-range.ts";
export type { RunVariant } from "./run-variant.ts";
export { type Selection, type SelectOptions, selectBest } from "./select-best.ts";
export { type SelectSettingOptions, type SettingSelection, selectSetting } from "./select-setting.ts";
export { type AttemptRun, type ShrinkOptions, type ShrunkFailure, shrinkFailures } from "./shrink-failure.ts";
export { type Signature, signatureKey, signatureOf } from "./signature.ts";
export { simulateRuns } from "./simulate-runs.ts";
export { type SweepOptions, type SweepProgress, sweep } from "./sweep.ts";
export {
  isSmaller,
  type ReportedFailure,
  type RunNamer,
  type SettingReport,
  type SweepMetric,
  SweepReport,
  valuesOf,
} from "./sweep-report.ts";
export { textHash } from "./text-hash.ts";
