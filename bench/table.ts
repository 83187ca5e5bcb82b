/** A table in Markdown that is also fit for a terminal. */
export function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const widths = head.map((_, i) => Math.max(3, ...[head, ...lines].map((line) => line[i]!.length)));
  const row = (line: readonly string[]) => `| ${line.map((text, i) => text.padEnd(widths[i]!)).join(' | ')} |`;
  return [row(head), row(widths.map((width) => '-'.repeat(width))), ...lines.map(row)].join('\n');
}

/** Three digits that count. */
export function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
