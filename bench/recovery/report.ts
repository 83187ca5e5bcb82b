import { reportSteps } from './report-steps.ts';
import { reportTargets } from './report-targets.ts';
import { reportThroughput } from './report-throughput.ts';
import { reportWorth } from './report-worth.ts';
import type { RecoveryFigures } from './studies.ts';

/** Where, when and how the figures came about. */
export interface Circumstances {
  readonly date: string;
  readonly machine: string;
  readonly command: string;
  readonly seeds: readonly number[];
}

/** The figures as Markdown that is also fit for a terminal. */
export function report(figures: RecoveryFigures, { date, machine, command, seeds }: Circumstances): string {
  const parts = [
    ...(figures.steps.length > 0 ? [reportSteps(figures.steps)] : []),
    ...(figures.targets.length > 0 ? [reportTargets(figures.targets)] : []),
    ...(figures.worth.length > 0 ? [reportWorth(figures.worth)] : []),
    ...(figures.throughput.length > 0 ? [reportThroughput(figures.throughput)] : []),
  ];
  return `# Recovery

${date}, ${machine}. Command: \`${command}\`.

Simulated with the decisions that are deployed, seeds ${seeds.join(', ')}; means with 95 % intervals over the seeds, comparisons paired by
seed. Nothing here depends on the machine. A run is late if it takes longer than the objective, or fails.

${parts.join('\n\n')}
`;
}
