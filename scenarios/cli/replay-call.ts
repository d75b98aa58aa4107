import { shellWord } from "./failure-report.ts";

/** What a search or a replay was called with. */
interface SearchCall {
  readonly called: string;
  readonly seed?: number | string | undefined;
  readonly delays?: number | undefined;
  readonly callbackOrder?: boolean | undefined;
}

/** The command that replays `token`, with the options that it was found with. */
export function replayCall({ called, seed, delays, callbackOrder }: SearchCall, token: string): string {
  const options = [
    ...(seed === undefined ? [] : [`--seed ${shellWord(String(seed))}`]),
    ...(delays === undefined ? [] : [`--delays ${delays}`]),
    ...(callbackOrder === true ? ["--callback-order"] : []),
  ];
  return ["simloop replay", ...options, shellWord(called), `'${token}'`].join(" ");
}
