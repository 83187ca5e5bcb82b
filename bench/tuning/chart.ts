interface Axis {
  readonly label: string;
  readonly from: number;
  readonly to: number;
}

export interface LineChart {
  /** Names the lines in their order: Mermaid draws no legend. */
  readonly title: string;
  readonly xAxis: Axis;
  readonly yAxis: Axis;
  /** Values at even distances. */
  readonly lines: readonly (readonly number[])[];
}

/** A chart in Mermaid, for Markdown. */
export function lineChart({ title, xAxis, yAxis, lines }: LineChart): string {
  const axis = (name: string, { label, from, to }: Axis) => `  ${name}-axis "${label}" ${from} --> ${to}`;
  return [
    '```mermaid',
    'xychart-beta',
    `  title "${title}"`,
    axis('x', xAxis),
    axis('y', yAxis),
    ...lines.map((values) => `  line [${values.map(oneDecimal).join(', ')}]`),
    '```\n',
  ].join('\n');
}

export const oneDecimal = (value: number) => String(Math.round(10 * value) / 10);
