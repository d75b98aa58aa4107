/// <reference lib="esnext.disposable" preserve="true" />

/** simloop/resources. What a discrete-event model waits for, and what it measures. */

export { PythonRandom, pythonRandom } from "../base/python-random.ts";
export { type Estimate, type EstimateOptions, meanInterval, pairedInterval } from "../statistics/estimate.ts";
export { Histogram, type HistogramBin, type HistogramOptions } from "../statistics/histogram.ts";
export { Level, type LevelData, type LevelOptions } from "../statistics/level.ts";
export { QuantileSketch, type SketchEntry } from "../statistics/quantile-sketch.ts";
export { normalQuantile, studentBelow, studentQuantile } from "../statistics/quantiles.ts";
export {
  autocorrelation,
  type BatchMeansOptions,
  batchMeans,
  mser5,
  type WarmUp,
} from "../statistics/steady-state.ts";
export { Tally, type TallyData, type TallyOptions } from "../statistics/tally.ts";
export { Interrupt } from "../tasks/interrupt.ts";
export { type ArrivalOptions, type ArrivalRate, arrivals, type Interarrival } from "./arrivals.ts";
export type { CapacitySteps, ScheduleOptions } from "./capacity-schedule.ts";
export { ClosedError } from "./closed-error.ts";
export {
  allOf,
  anyOf,
  type Combination,
  type CombinationOptions,
  type Outcomes,
  type Part,
  type PartName,
  type PartResult,
  type Parts,
} from "./combination.ts";
export { Container, type ContainerGet, type ContainerOptions, type ContainerPut } from "./container.ts";
export type { Discipline, RequestOrder } from "./discipline.ts";
export { FilterStore } from "./filter-store.ts";
export { interrupt } from "./interrupt.ts";
export { type JointPart, type JointRequest, requestAll } from "./joint-request.ts";
export type { Monitoring, ResourceMonitor } from "./monitor.ts";
export { NotServedError } from "./not-served-error.ts";
export { Preempted } from "./preempted.ts";
export { PreemptiveResource } from "./preemptive-resource.ts";
export { PriorityResource } from "./priority-resource.ts";
export { PriorityItem, PriorityStore, type PriorityStoreOptions } from "./priority-store.ts";
export { type Job, ProcessorSharing, type ProcessorSharingOptions } from "./processor-sharing.ts";
export { Request, type Requested, type RequestOptions, type RequestState } from "./request.ts";
export { Resource, type ResourceOptions } from "./resource.ts";
export type { OnPreempt, ServeOptions, ServeOutcome } from "./serve.ts";
export { startProcess } from "./start-process.ts";
export { type ItemFilter, Store, type StoreGet, type StoreOptions, type StorePut } from "./store.ts";
export { type BatchOptions, takeBatch } from "./take-batch.ts";
