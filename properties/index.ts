/**
 * fast-check arbitraries for programs of simloop, for any test runner. The helper for ava is `simloop/properties/ava`.
 */

export {
  type CommandSetup,
  commandProgram,
  concurrentCommands,
  type ProgramOptions,
  program,
  type SimulatedCommand,
} from "./commands.ts";
export { type FaultsOptions, faults, type LatenciesOptions, latencies } from "./faults.ts";
export { ScheduleError, type ScheduleOptions, SchedulePlan, schedule, underSchedule } from "./schedule.ts";
