import { invariant } from "../../base/invariant.ts";

/**
 * The bytes behind the first unacknowledged one that the other side has: the sender's view of selective
 * acknowledgements.
 *
 * Invariant: `_edges` holds start and end of each range in turn, ascending; ranges neither overlap nor touch.
 *
 * @see RFC 2018; RFC 6675, whose words "scoreboard" and "lost" are used here
 */
export class Scoreboard {
  /** How many bytes the ranges cover. */
  bytes = 0;
  private readonly _edges: number[] = [];

  /** Place of the lowest byte; -1 if there is none. */
  get lowest(): number {
    return this._edges[0] ?? -1;
  }

  /** Place behind the highest byte; -1 if there is none. */
  get highest(): number {
    return this._edges.at(-1) ?? -1;
  }

  /** Note that the other side has `start` up to, but without, `end`. @returns How many of these bytes are news. */
  add(start: number, end: number): number {
    const edges = this._edges;
    let from = edges.length;
    while (from > 0 && edges[from - 1]! >= start) {
      from -= 2;
    }
    let first = start;
    let last = end;
    let known = 0;
    let to = from;
    while (to < edges.length && edges[to]! <= end) {
      first = Math.min(first, edges[to]!);
      last = Math.max(last, edges[to + 1]!);
      known += edges[to + 1]! - edges[to]!;
      to += 2;
    }
    edges.splice(from, to - from, first, last);
    const news = last - first - known;
    this.bytes += news;
    return news;
  }

  /** Forget everything before `place`. */
  discardBefore(place: number): void {
    const edges = this._edges;
    let count = 0;
    while (count < edges.length && edges[count + 1]! <= place) {
      this.bytes -= edges[count + 1]! - edges[count]!;
      count += 2;
    }
    edges.splice(0, count);
    if (edges.length > 0 && edges[0]! < place) {
      this.bytes -= place - edges[0]!;
      edges[0] = place;
    }
  }

  /** Forget everything. */
  clear(): void {
    this._edges.length = 0;
    this.bytes = 0;
  }

  /** The first missing byte from `place` on. */
  missingFrom(place: number): number {
    const index = this._rangeBehind(place);
    return index < this._edges.length && this._edges[index]! <= place ? this._edges[index + 1]! : place;
  }

  /** Where the gap that holds `place` ends: at the next range, or never. */
  gapEnd(place: number): number {
    return this._edges[this._rangeBehind(place)] ?? Number.POSITIVE_INFINITY;
  }

  /** How many bytes from `start` up to, but without, `end` are missing. */
  missing(start: number, end: number): number {
    const edges = this._edges;
    if (end <= start) {
      return 0;
    }
    let count = end - start;
    for (let i = this._rangeBehind(start); i < edges.length && edges[i]! < end; i += 2) {
      count -= Math.min(end, edges[i + 1]!) - Math.max(start, edges[i]!);
    }
    return count;
  }

  /**
   * What is missing before this place is lost: so many ranges, or so many bytes in full segments, have come from behind
   * it.
   *
   * @returns -1 if nothing is.
   * @see RFC 6675, section 4, `IsLost`
   */
  lostBefore(segmentBytes: number, threshold: number): number {
    const edges = this._edges;
    const enough = (threshold - 1) * segmentBytes;
    let ranges = 0;
    let bytes = 0;
    for (let i = edges.length - 2; i >= 0; i -= 2) {
      ranges++;
      bytes += edges[i + 1]! - edges[i]!;
      if (ranges >= threshold || bytes > enough) {
        return edges[i]!;
      }
    }
    return -1;
  }

  /** @internal @throws InvariantError if an invariant does not hold. */
  checkInvariants(): void {
    const edges = this._edges;
    let sum = 0;
    for (let i = 0; i < edges.length; i++) {
      invariant(i === 0 || edges[i - 1]! < edges[i]!, "ranges ascend, and neither overlap nor touch");
      sum += i % 2 === 0 ? -edges[i]! : edges[i]!;
    }
    invariant(edges.length % 2 === 0 && sum === this.bytes, "the count of bytes is that of the ranges");
  }

  /** Index of the first range that ends behind `place`. */
  private _rangeBehind(place: number): number {
    const edges = this._edges;
    let index = 0;
    while (index < edges.length && edges[index + 1]! <= place) {
      index += 2;
    }
    return index;
  }
}
