import {
  catchError,
  concatMap,
  debounceTime,
  defer,
  delay,
  EMPTY,
  firstValueFrom,
  from,
  interval,
  lastValueFrom,
  merge,
  mergeMap,
  of,
  retry,
  switchMap,
  take,
  throttleTime,
  throwError,
  timeout,
  timer,
  toArray,
} from "rxjs";
import { work } from "./support.mjs";

export const library = "rxjs";
export const about = "timers, concurrency, time limits, retries, debounce and throttle";

export default async function program() {
  console.log((await lastValueFrom(interval(10).pipe(take(5), toArray()))).join());
  console.log(
    (
      await lastValueFrom(
        from([3, 1, 2]).pipe(
          mergeMap(async (i) => {
            await work(10);
            return i;
          }),
          toArray(),
        ),
      )
    ).join(),
  );
  console.log(
    (
      await lastValueFrom(
        from([3, 1, 2]).pipe(
          concatMap((i) => of(i).pipe(delay(i * 10))),
          toArray(),
        ),
      )
    ).join(),
  );
  console.log(
    await lastValueFrom(
      timer(1000).pipe(
        timeout(50),
        catchError((error) => of(error.name)),
      ),
    ),
  );
  let attempts = 0;
  console.log(
    await lastValueFrom(
      defer(() => (++attempts < 3 ? throwError(() => new Error("no")) : of(attempts))).pipe(
        retry({ count: 5, delay: 50 }),
      ),
    ),
  );
  console.log(
    await lastValueFrom(merge(timer(0), timer(5), timer(50)).pipe(debounceTime(20), toArray())).then(
      (values) => values.length,
    ),
  );
  console.log((await lastValueFrom(interval(10).pipe(take(10), throttleTime(35), toArray()))).join());
  console.log(await firstValueFrom(interval(5).pipe(switchMap((i) => (i < 3 ? EMPTY : of(i))))));
}
