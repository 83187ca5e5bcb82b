/** First columns to the left, the others to the right. */
export function table(rows: readonly (readonly string[])[], leftColumns = 1): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const gap = column === 0 ? '' : '  ';
        return gap + (column < leftColumns ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!));
      })
      .join('')
      .trimEnd(),
  );
}
