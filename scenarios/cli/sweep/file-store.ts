import { appendFile, type FileHandle, open, readFile, stat, truncate } from "node:fs/promises";
import {
  type Campaign,
  campaignId,
  isRangeResult,
  type RangeResult,
  type ResultStore,
  type ShrunkFailure,
} from "../../../engine/experiment/index.ts";
import { InputError, systemReason, UsageError } from "../failures.ts";

/** The first line of a store. */
export interface StoreHeader {
  readonly format: "simloop-sweep";
  readonly version: 1;
  readonly campaign: string;
  /** The scenario as it was called, for people. */
  readonly called: string;
  readonly about: Campaign;
}

/** What a store file holds. */
export interface StoreContent {
  readonly header: StoreHeader;
  readonly results: readonly RangeResult[];
  readonly shrunk: readonly ShrunkFailure[];
  /** Lines that are not results: the end of a file that was cut off, for example. */
  readonly damaged: readonly string[];
  /** Bytes up to the end of the last whole line. */
  readonly wholeBytes: number;
}

/** Read a store. @throws InputError if the file cannot be read, or does not begin as a store does. */
export async function readStore(path: string): Promise<StoreContent> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    throw new InputError(`cannot read ${path}: ${systemReason(error)}`, { cause: error });
  }
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  const [first = "", ...lines] = whole.split("\n").filter((line) => line !== "");
  const header = parse(first) as StoreHeader | undefined;
  if (header?.format !== "simloop-sweep" || header.version !== 1) {
    throw new InputError(
      `${path} is not a store of sweep results: its first line is ${JSON.stringify(first.slice(0, 60))}`,
    );
  }
  const damaged = text.length > whole.length ? [text.slice(whole.length)] : [];
  const results: RangeResult[] = [];
  const shrunk: ShrunkFailure[] = [];
  for (const line of lines) {
    const value = parse(line);
    if (isRangeResult(value)) {
      results.push(value);
    } else if (isShrunkLine(value)) {
      shrunk.push(value.shrunk);
    } else {
      damaged.push(line);
    }
  }
  return { header, results: withoutOverlaps(results), shrunk, damaged, wholeBytes: Buffer.byteLength(whole) };
}

/** A line with a shrunk failure. */
interface ShrunkLine {
  readonly shrunk: ShrunkFailure;
}

const isShrunkLine = (value: unknown): value is ShrunkLine =>
  typeof (value as ShrunkLine | null)?.shrunk?.key === "string" &&
  typeof (value as ShrunkLine).shrunk.values === "object";

/** Results whose runs no other one has: of two with the same runs the first counts. */
function withoutOverlaps(results: readonly RangeResult[]): RangeResult[] {
  const kept: RangeResult[] = [];
  const last = new Map<number, number>();
  for (const result of results.toSorted((a, b) => a.setting - b.setting || a.from - b.from || b.to - a.to)) {
    if (result.from > (last.get(result.setting) ?? Number.NEGATIVE_INFINITY)) {
      kept.push(result);
      last.set(result.setting, result.to);
    }
  }
  return kept;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Options of {@link FileStore}. */
interface FileStoreOptions {
  readonly path: string;
  readonly called: string;
  /** Go on with a store that is there. */
  readonly resume: boolean;
  /** Called with a sentence about damage that was found. */
  readonly warn: (message: string) => void;
}

/**
 * Keeps results in a file of JSON lines, which only grows. A result is on the disk once {@link append} has resolved.
 */
export class FileStore implements ResultStore {
  private readonly _options: FileStoreOptions;
  private _file: FileHandle | undefined;
  private _shrunk: readonly ShrunkFailure[] = [];

  constructor(options: FileStoreOptions) {
    this._options = options;
  }

  /**
   * @throws UsageError if the file is there and `resume` is off, or belongs to another campaign; InputError if it
   * cannot be read or written.
   */
  async open(campaign: Campaign): Promise<readonly RangeResult[]> {
    const { path, called, resume } = this._options;
    const size = (await stat(path).catch(() => null))?.size ?? 0;
    if (size > 0 && !resume) {
      throw new UsageError(`${path} holds results already; pass --resume to go on with them, or name another file`);
    }
    const results = size > 0 ? await this._read(campaign) : [];
    try {
      this._file = await open(path, "a");
    } catch (error) {
      throw new InputError(`cannot write ${path}: ${systemReason(error)}`, { cause: error });
    }
    if (size === 0) {
      const header: StoreHeader = {
        format: "simloop-sweep",
        version: 1,
        campaign: campaignId(campaign),
        called,
        about: campaign,
      };
      await this._write(header);
    }
    return results;
  }

  append(result: RangeResult): Promise<void> {
    return this._write(result);
  }

  get shrunk(): readonly ShrunkFailure[] {
    return this._shrunk;
  }

  keepShrunk(shrunk: ShrunkFailure): Promise<void> {
    return this._write({ shrunk });
  }

  async close(): Promise<void> {
    await this._file?.close();
  }

  private async _read(campaign: Campaign): Promise<readonly RangeResult[]> {
    const { path, warn } = this._options;
    const { header, results, shrunk, damaged, wholeBytes } = await readStore(path);
    this._shrunk = shrunk;
    const id = campaignId(campaign);
    if (header.campaign !== id) {
      throw new UsageError(`${path} belongs to another campaign: ${difference(header, campaign)}; name another file`);
    }
    if (damaged.length > 0) {
      await appendFile(`${path}.damaged`, damaged.map((line) => `${line}\n`).join(""));
      await truncate(path, wholeBytes);
      warn(
        `${path} has ${damaged.length} damaged ${damaged.length === 1 ? "line" : "lines"}, kept in ${path}.damaged; their runs are made again`,
      );
    }
    return results;
  }

  private async _write(line: StoreHeader | RangeResult | ShrunkLine): Promise<void> {
    await this._file?.appendFile(`${JSON.stringify(line)}\n`);
    await this._file?.datasync();
  }
}

/** In what two campaigns differ. */
function difference({ about, campaign }: StoreHeader, now: Campaign): string {
  for (const part of ["program", "options", "settings", "seeds"] as const) {
    if (JSON.stringify(about[part]) !== JSON.stringify(now[part])) {
      return part === "program" ? "the program has changed" : `other ${part}: ${JSON.stringify(about[part])}`;
    }
  }
  return `made by another version of simloop (campaign ${campaign})`;
}
