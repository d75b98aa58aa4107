/// <reference lib="esnext.disposable" preserve="true" />

/**
 * simloop/explore. Search the orders of events for one that breaks a program.
 *
 * All of it is in simloop as well. `npm run api` writes this file.
 */

export type { RaceCounts } from "./causality/race-coverage.ts";
export { type Debugger, type DebugOptions, debug } from "./debug/debugger.ts";
export { type InevitableOptions, inevitable } from "./debug/inevitable.ts";
export type { DecisiveStep, InevitablePoint, InevitableReport } from "./debug/inevitable-report.ts";
export type { DebugStep, DebugTask, Moment, ReadyStep } from "./debug/moment.ts";
export { explore } from "./explore.ts";
export { History, Invocation, type OperationEnd, type OperationRecord } from "./histories/history.ts";
export {
  checkLinearizable,
  type LinearizabilityResult,
  type Model,
  registerModel,
  requireLinearizable,
} from "./histories/linearizability.ts";
export { requireSession, type SessionGuarantee, type SessionOptions } from "./histories/session-guarantees.ts";
export type { ExploreOptions, ExploreProgress } from "./options.ts";
export { always, choose, eventually, sameOutcome, sometimes, touch } from "./program/annotations.ts";
export { shared } from "./program/shared.ts";
export { watch } from "./program/watch.ts";
export { type ReplayOptions, type ReplayResult, replay } from "./replay.ts";
export type { Certificate } from "./report/certificate.ts";
export type { Deviation } from "./report/explain.ts";
export { ExploreReport, type Failure } from "./report/report.ts";
export { ImpureProgramError } from "./run/check-failure.ts";
export type { FailureKind } from "./run/failure.ts";
export type { Choice, Hold, Schedule } from "./schedule/schedule.ts";
export { parseToken, type ReplayToken, TokenError } from "./schedule/token.ts";
export type { Vary } from "./schedule/variation.ts";
export { type StrategyName, type StrategyTraits, strategyNames, strategyTraits } from "./strategies/index.ts";
