import { createTask, defineScenario, getRunningLoop, print, sleep } from "../../engine/index.ts";
import { anyOf, arrivals, Resource, Tally } from "../../engine/resources/index.ts";

const HOUR = 3600;
const DAYS = 14;

/** Patients by urgency: up to which of a hundred, minutes with a doctor, and minutes that they are ready to wait. */
const TRIAGE = [
  { name: "immediate", upTo: 5, minutes: 45, patience: Number.POSITIVE_INFINITY },
  { name: "urgent", upTo: 40, minutes: 25, patience: Number.POSITIVE_INFINITY },
  { name: "standard", upTo: 100, minutes: 12, patience: 150 },
];

/** Doctors on duty up to an hour of the day. */
const SHIFTS = [
  [7, 2],
  [15, 4],
  [23, 5],
  [24, 2],
] as const;

/** Patients in a second: quiet nights, and a busy evening. */
function rate(time: number): number {
  const hour = (time / HOUR) % 24;
  return (hour < 7 ? 3 : hour < 17 ? 7 : hour < 22 ? 9 : 5) / HOUR;
}

function* main() {
  const loop = getRunningLoop();
  const [triage, service] = [loop.random("triage"), loop.random("service")];
  const nurses = new Resource({ capacity: 2, name: "triage nurse" });
  const doctors = new Resource({ name: "doctor", capacity: 4, monitor: true });
  doctors.schedule(
    SHIFTS.map(([hour, count]) => [hour * HOUR, count] as const),
    { cyclic: true },
  );
  const levels = TRIAGE.map((level) => ({ ...level, wait: new Tally({ name: level.name }), left: 0 }));
  function* patient() {
    yield* nurses.with(() => sleep(triage.uniform(3, 7) * 60));
    const draw = triage.uniform(0, 100);
    const priority = levels.findIndex(({ upTo }) => draw < upTo);
    const level = levels[priority]!;
    const came = loop.time();
    const seconds = service.exponential(level.minutes * 60);
    const request = doctors.request({ priority });
    const won = yield* anyOf({ doctor: request, gaveUp: sleep(level.patience * 60) });
    if (!won.has("doctor")) {
      level.left++;
      return;
    }
    level.wait.add((loop.time() - came) / 60);
    yield* sleep(seconds);
    request.release();
  }
  createTask(arrivals({ rate, max: 9 / HOUR }, patient, { name: "patient" }));
  yield* sleep(DAYS * 24 * HOUR);
  for (const { name, wait, left } of levels) {
    const [mean, most] = [wait.mean.toFixed(1), wait.quantile(0.9).toFixed(1)];
    print(
      `${name}: ${wait.n} seen after ${mean} minutes on average, 90 % within ${most}; ${left} left without being seen`,
    );
  }
  const { utilization, queueLength } = doctors.monitor;
  print(
    `doctors were busy ${(utilization * 100).toFixed(0)} % of their time; at most ${queueLength.max} patients waited`,
  );
}

export default defineScenario({
  name: "emergency-department",
  about: "patients by urgency, doctors in shifts, and those who leave because they wait too long",
  main,
});
