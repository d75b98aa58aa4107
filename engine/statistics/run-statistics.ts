/** Something that forgets what it has observed. */
export interface Resettable {
  reset(): void;
}

/** What the present run has made; `null` while nothing collects it. */
let collected: Resettable[] | null = null;

/** @internal Note that the present run has made `statistic`, which its warm-up resets. */
export function noteStatistic(statistic: Resettable): void {
  collected?.push(statistic);
}

/** @internal From now on the statistics of a run are collected, until `end` is called. One run executes at a time. */
export function collectStatistics(): { readonly made: readonly Resettable[]; readonly end: () => void } {
  const made: Resettable[] = [];
  collected = made;
  return {
    made,
    end: () => {
      if (collected === made) {
        collected = null;
      }
    },
  };
}
