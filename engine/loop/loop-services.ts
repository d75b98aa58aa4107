import { describeValue } from "../base/describe.ts";
import type { Instrument } from "../base/instrument.ts";
import type { OrderingPolicy } from "../base/ordering-policy.ts";
import { type RandomStream, RandomStreams, type Seed } from "../base/random.ts";
import { requireArgument } from "../base/require-argument.ts";
import { WallClock } from "../clock/wall-clock.ts";
import { describeError, type ExceptionContext, type ExceptionHandler, formatException } from "./exceptions.ts";
import { writeError, writeOutput } from "./host.ts";
import { type LoopOptions, requireSeed } from "./options.ts";
import { placeOfError } from "./place.ts";

/**
 * What a loop offers the program beside running it: its standard streams, wall clock, random numbers, and the report of
 * errors.
 */
export abstract class LoopServices {
  readonly _instrument: Instrument | null;
  readonly _ordering: OrderingPolicy | null;
  protected readonly _options: LoopOptions;
  private readonly _seed: Seed;
  private _streams: RandomStreams | null = null;
  private _wall: WallClock | null = null;
  private _handler: ExceptionHandler<never> | null = null;

  constructor(options: LoopOptions) {
    requireArgument("EventLoop", "an object with options", typeof options === "object" && options !== null, options);
    this._options = options;
    this._seed = requireSeed(options.seed ?? 0);
    this._instrument = options.instrument ?? null;
    this._ordering = options.ordering ?? null;
    if (options.start !== undefined || options.timeZone !== undefined) {
      // Made at once only to refuse what makes no sense where it was given.
      this._wall = new WallClock(options);
    }
  }

  /** @internal A loop without a network knows no machines. */
  _hostName(_context: object | null): string | undefined {
    return undefined;
  }

  /**
   * Replace the handler of uncaught exceptions; `null` brings the default back.
   *
   * @see asyncio `loop.set_exception_handler`
   */
  setExceptionHandler(handler: ExceptionHandler<this> | null): void {
    if (handler !== null && typeof handler !== "function") {
      throw new TypeError(`setExceptionHandler: expected a function or null, got ${describeValue(handler)}`);
    }
    this._handler = handler;
  }

  /** The handler set by {@link setExceptionHandler}, or `null`. @see asyncio `loop.get_exception_handler` */
  getExceptionHandler(): ExceptionHandler<never> | null {
    return this._handler;
  }

  /**
   * Report an uncaught exception: to the handler, or else as the default handler does.
   *
   * @see asyncio `loop.call_exception_handler`
   */
  callExceptionHandler(context: ExceptionContext): void {
    if (this._handler === null) {
      this._handleByDefault(context, "Exception in default exception handler");
      return;
    }
    try {
      (this._handler as ExceptionHandler<this>)(this, context);
    } catch (exception) {
      this._handleByDefault(
        { message: "Unhandled error in exception handler", exception },
        "Exception in default exception handler while handling an unexpected error in custom exception handler",
      );
    }
  }

  /** The default handler, which a loop of one's own may replace by one that fails. */
  private _handleByDefault(context: ExceptionContext, otherwise: string): void {
    try {
      this.defaultExceptionHandler(context);
    } catch (exception) {
      this._reportError(`${otherwise}\n${describeError(exception)}`);
    }
  }

  /** Write the report of an exception to the simulated standard error. @see asyncio `loop.default_exception_handler` */
  defaultExceptionHandler(context: ExceptionContext): void {
    this._reportError(formatException(context), placeOfError(context.exception));
  }

  /** @internal Write `text`, whole lines, to the simulated standard output. */
  _print(text: string): void {
    this._instrument?.printed(text);
    (this._options.output ?? writeOutput)(text);
  }

  /**
   * @internal Write a report, one or more lines without the last newline, to the simulated standard error.
   *
   * @param place - `file:line:column` where it happened; not recorded in traces, as files stand elsewhere on other
   * machines.
   */
  _reportError(report: string, place?: string): void {
    this._instrument?.errorReported(report);
    (this._options.errorOutput ?? writeError)(place === undefined ? report : `${report}\n  at ${place}`);
  }

  /**
   * The random stream called `name`, which is derived from the seed; always the same one for a name.
   *
   * What is drawn from one stream never shifts another, so that a draw here leaves the rest of a run as it is.
   */
  random(name: string): RandomStream {
    this._streams ??= new RandomStreams(this._seed, this._instrument);
    return this._streams.stream(name);
  }

  /** @internal The simulated wall clock. */
  get _wallClock(): WallClock {
    this._wall ??= new WallClock(this._options);
    return this._wall;
  }
}
