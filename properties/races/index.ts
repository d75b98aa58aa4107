import { leaks } from "./leaks.ts";
import { orders } from "./orders.ts";
import type { PlantedBug } from "./planted-race.ts";
import { services } from "./services.ts";
import { signals } from "./signals.ts";
import { updates } from "./updates.ts";

/** Small programs with planted bugs, by which the strategies are measured. */
export const plantedBugs: readonly PlantedBug[] = [...updates, ...signals, ...orders, ...leaks, ...services];
