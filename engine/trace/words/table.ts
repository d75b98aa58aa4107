/** A column of a table: its title, and how its cells are aligned. */
export interface Column {
  readonly title: string;
  readonly align: "left" | "right";
}

const GAP = 2;
/** A column is not made narrower than this. */
const MIN_WIDTH = 8;

/** Make the widest columns of strings narrower until the table fits: numbers are never cut. */
function squeeze(widths: number[], columns: readonly Column[], maxWidth: number): void {
  for (;;) {
    const over = widths.reduce((sum, width) => sum + width + GAP, -GAP) - maxWidth;
    const widest = widths.reduce(
      (best, width, i) => (columns[i]!.align === "left" && width > (widths[best] ?? MIN_WIDTH) ? i : best),
      -1,
    );
    if (over <= 0 || widest < 0) {
      return;
    }
    widths[widest] = Math.max(MIN_WIDTH, widths[widest]! - 1);
  }
}

const cut = (cell: string, width: number): string => (cell.length > width ? `${cell.slice(0, width - 1)}…` : cell);

/**
 * Rows in columns, two spaces apart, without spaces at the ends of lines.
 *
 * @param maxWidth - Longer lines are avoided by cutting cells of the widest left-aligned columns.
 */
export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  maxWidth = Number.POSITIVE_INFINITY,
): string {
  const widths = columns.map(({ title }, i) =>
    rows.reduce((width, row) => Math.max(width, (row[i] ?? "").length), title.length),
  );
  squeeze(widths, columns, maxWidth);
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ align }, i) => {
        const width = widths[i]!;
        const cell = cut(cells[i] ?? "", width);
        return align === "left" ? cell.padEnd(width) : cell.padStart(width);
      })
      .join("  ")
      .trimEnd();
  return [columns.map(({ title }) => title), ...rows].map((cells) => `${line(cells)}\n`).join("");
}
