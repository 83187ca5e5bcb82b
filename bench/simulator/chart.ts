import type { SimulationFigures } from '../measurements.ts';

/**
 * CPU time over the number of requests, both as powers of ten, as a chart in Mermaid: time that grows linearly is a line
 * with a slope of one. Mermaid has no logarithmic axes, and spreads points evenly: the line between measured points is
 * drawn at even steps, beside one through the last point with that slope.
 */
export function growthChart(byCount: readonly SimulationFigures[]): string {
  const points = byCount.map(({ requests, cpuSeconds }) => [Math.log10(requests), Math.log10(cpuSeconds)] as const);
  const [first, last] = [points[0]!, points.at(-1)!];
  const steps = Array.from({ length: STEPS + 1 }, (_, step) => first[0] + ((last[0] - first[0]) * step) / STEPS);
  const measured = steps.map((at) => between(points, at));
  const linear = steps.map((at) => last[1] + at - last[0]);
  const all = [...measured, ...linear];
  const line = (values: readonly number[]) => `line [${values.map((value) => value.toFixed(3)).join(', ')}]`;
  return `\`\`\`mermaid
xychart-beta
  title "CPU time by number of requests: measured, and linear through the last point"
  x-axis "requests, as power of ten" ${first[0].toFixed(2)} --> ${last[0].toFixed(2)}
  y-axis "CPU seconds, as power of ten" ${Math.floor(Math.min(...all))} --> ${Math.ceil(Math.max(...all))}
  ${line(measured)}
  ${line(linear)}
\`\`\`

From ${thousands(byCount.at(-2)!)} to ${thousands(byCount.at(-1)!)} requests the slope is ${slope(points).toFixed(2)}; 1 is linear. Below that the start of the
process counts: compiling the program takes as long as tens of thousands of requests.`;
}

const STEPS = 24;

type Point = readonly [x: number, y: number];

/** On the straight lines between points, ascending in x. */
function between(points: readonly Point[], at: number): number {
  const above = Math.max(
    1,
    points.findIndex(([x]) => x >= at - 1e-9),
  );
  const [[x0, y0], [x1, y1]] = [points[above - 1]!, points[above]!];
  return y0 + ((y1 - y0) * (at - x0)) / (x1 - x0);
}

function slope(points: readonly Point[]): number {
  const [[x0, y0], [x1, y1]] = [points.at(-2)!, points.at(-1)!];
  return (y1 - y0) / (x1 - x0);
}

const thousands = ({ requests }: SimulationFigures) => requests.toLocaleString('en-US');
