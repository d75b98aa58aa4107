import { afterHostTurn, hostMilliseconds } from "../../loop/host.ts";

const MILLISECONDS_PER_TURN = 20;

/** Gives the host a turn now and then, so that signals, timers and progress reports work during a long exploration. */
export class HostTurns {
  private readonly _onTurn: () => void;
  private _last = hostMilliseconds();

  constructor(onTurn: () => void) {
    this._onTurn = onTurn;
  }

  /** Give the host turns until so many milliseconds have passed. */
  async wait(milliseconds: number): Promise<void> {
    for (const end = hostMilliseconds() + milliseconds; hostMilliseconds() < end; ) {
      await new Promise<void>((resolve) => afterHostTurn(resolve));
    }
  }

  /** Give the host a turn if it has had none for a while. */
  async maybe(): Promise<void> {
    if (hostMilliseconds() - this._last >= MILLISECONDS_PER_TURN) {
      await new Promise<void>((resolve) => afterHostTurn(resolve));
      this._last = hostMilliseconds();
      this._onTurn();
    }
  }
}
