export { type Estimate, type EstimateOptions, meanInterval, pairedInterval } from "./estimate.ts";
export { Histogram, type HistogramBin, type HistogramOptions } from "./histogram.ts";
export { Level, type LevelData, type LevelOptions } from "./level.ts";
export { QuantileSketch, type SketchEntry } from "./quantile-sketch.ts";
export { normalQuantile, studentBelow, studentQuantile } from "./quantiles.ts";
export {
  autocorrelation,
  type BatchMeansOptions,
  batchMeans,
  mser5,
  type WarmUp,
} from "./steady-state.ts";
export { Tally, type TallyData, type TallyOptions } from "./tally.ts";
