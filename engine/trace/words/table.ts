/** A column of a table: its title, and on which side its texts stand. */
export interface Column {
  readonly title: string;
  readonly align: "left" | "right";
}

/** Rows in columns, two blanks apart, without blanks at the ends of lines. */
export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ title }, i) =>
    rows.reduce((width, row) => Math.max(width, (row[i] ?? "").length), title.length),
  );
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ align }, i) => {
        const cell = cells[i] ?? "";
        const width = widths[i] as number;
        return align === "left" ? cell.padEnd(width) : cell.padStart(width);
      })
      .join("  ")
      .trimEnd();
  return [columns.map(({ title }) => title), ...rows].map((cells) => `${line(cells)}\n`).join("");
}
