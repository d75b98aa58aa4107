import { calledWords } from "./node-option.ts";
import { type GivenParameters, parameterWords } from "./param-words.ts";
import { shellWord } from "./shell-word.ts";

/** What a search or a replay was called with. */
interface SearchCall {
  readonly called: string;
  readonly seed?: number | string | undefined;
  readonly delays?: number | undefined;
  readonly callbackOrder?: boolean | undefined;
  readonly param?: GivenParameters | undefined;
  readonly until?: number | undefined;
}

/** The command that replays `token`, with the options that it was found with. */
export function replayCall({ called, seed, delays, callbackOrder, param, until }: SearchCall, token: string): string {
  const options = [
    ...(seed === undefined ? [] : [`--seed ${shellWord(String(seed))}`]),
    ...(until === undefined ? [] : [`--until ${until}`]),
    ...(delays === undefined ? [] : [`--delays ${delays}`]),
    ...(callbackOrder === true ? ["--callback-order"] : []),
  ];
  return [`simloop replay${parameterWords(param)}`, ...options, calledWords(called), `'${token}'`].join(" ");
}
