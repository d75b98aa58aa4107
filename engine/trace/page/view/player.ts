import { byId } from "./elements.ts";

/** Events that are played in a second. */
const SPEED = 8;
const MILLISECONDS = 1000;

/** Moves the play head on by itself. */
export class Player {
  private readonly _advance: () => boolean;
  private _frame = 0;
  private _next = 0;

  /** @param advance - Moves on; false at the end. */
  constructor(advance: () => boolean) {
    this._advance = advance;
  }

  toggle(): void {
    if (this._frame === 0) {
      this._next = 0;
      this._frame = requestAnimationFrame((now) => this._tick(now));
    } else {
      this.stop();
    }
    this._tell();
  }

  stop(): void {
    cancelAnimationFrame(this._frame);
    this._frame = 0;
    this._tell();
  }

  private _tick(now: number): void {
    if (now >= this._next) {
      this._next = now + MILLISECONDS / SPEED;
      if (!this._advance()) {
        this.stop();
        return;
      }
    }
    this._frame = requestAnimationFrame((later) => this._tick(later));
  }

  private _tell(): void {
    const isPlaying = this._frame !== 0;
    byId("play").textContent = isPlaying ? "❚❚" : "▶";
    byId("play").setAttribute("aria-pressed", String(isPlaying));
  }
}
