// Usage: node bench/tuning.ts [--seed N]
// Prints the pictures of docs/tuning.md: a wrong target that is corrected, and a step of the load, in simulated time.
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { bundle } from './bundle.ts';
import { lineChart, oneDecimal } from './tuning/chart.ts';
import type { Trace } from './tuning/subject.ts';

const { values: options } = parseArgs({ options: { seed: { type: 'string', default: '1' } } });

const { path } = await bundle('tuning', `export * from './tuning/subject.ts';`);
const { OBJECTIVE_MS, RIGHT_TARGET, STEP, trace }: typeof import('./tuning/subject.ts') = createRequire(
  import.meta.url,
)(path);

const seed = Number(options.seed);
const OBJECTIVE_SECONDS = OBJECTIVE_MS / 1000;

/** What is slower is drawn at the edge. */
const CHART_SECONDS = 60;

const steady = { isTuned: true, hasStep: false, seed, lookMinutes: 30 };
const high = trace({ ...steady, target: 4 * RIGHT_TARGET });
const low = trace({ ...steady, target: RIGHT_TARGET / 4 });
const step = { target: RIGHT_TARGET, hasStep: true, seed, lookMinutes: 10 };
const alone = trace({ ...step, isTuned: false });
const tuned = trace({ ...step, isTuned: true });

const drawn = ({ p95Seconds }: Trace) => p95Seconds.map((seconds) => Math.min(CHART_SECONDS, seconds));
const flat = ({ hours }: Trace, value: number) => hours.map(() => value);
const xAxis = { label: 'hours', from: 0, to: 24 };

console.log(
  lineChart({
    title: `target: from four times, and from a quarter of what is right (${RIGHT_TARGET})`,
    xAxis,
    yAxis: { label: 'concurrent requests per copy', from: 0, to: 4 * RIGHT_TARGET },
    lines: [high.targets, low.targets, flat(high, RIGHT_TARGET)],
  }),
);
console.log(
  lineChart({
    title: `P95 of the same runs, and the objective of ${OBJECTIVE_SECONDS} s`,
    xAxis,
    yAxis: { label: 'seconds', from: 0, to: CHART_SECONDS },
    lines: [drawn(high), drawn(low), flat(high, OBJECTIVE_SECONDS)],
  }),
);
console.log(
  lineChart({
    title: 'copies of the same runs',
    xAxis,
    yAxis: { label: 'copies', from: 0, to: 25 },
    lines: [high.copies, low.copies],
  }),
);

const [fromHours, toHours] = [STEP.startHours - 1, STEP.startHours + 7];
const around = (values: readonly number[]) =>
  values.filter((_, at) => tuned.hours[at]! > fromHours && tuned.hours[at]! <= toHours);
console.log(
  lineChart({
    title: `copies beside a step of the load, ${STEP.factor} times for ${STEP.durationMinutes / 60} hours: tuned, and target tracking alone`,
    xAxis: { label: 'hours', from: fromHours, to: toHours },
    yAxis: { label: 'copies', from: 0, to: 50 },
    lines: [around(tuned.copies), around(alone.copies)],
  }),
);

/** Minutes since the step, in looks of ten. */
const SHOWN = [10, 20, 30, 60, 120, 240, 360];
const lookAfter = (minutes: number) => (STEP.startHours * 60 + minutes) / step.lookMinutes - 1;
const seconds = (value: number) => (value === Infinity ? 'failed' : oneDecimal(value));
const row = (words: string, of: ({ p95Seconds, copies, targets }: Trace, at: number) => string, run: Trace) =>
  `| ${[words, ...SHOWN.map((minutes) => of(run, lookAfter(minutes)))].join(' | ')} |`;
console.log(
  [
    `| minutes after the step | ${SHOWN.join(' | ')} |`,
    `| --- | ${SHOWN.map(() => '---').join(' | ')} |`,
    row('tuned: P95 of ten minutes, s', ({ p95Seconds }, at) => seconds(p95Seconds[at]!), tuned),
    row('tuned: copies', ({ copies }, at) => String(copies[at]), tuned),
    row('tuned: target', ({ targets }, at) => oneDecimal(targets[at]!), tuned),
    row('target tracking alone: P95, s', ({ p95Seconds }, at) => seconds(p95Seconds[at]!), alone),
    row('target tracking alone: copies', ({ copies }, at) => String(copies[at]), alone),
  ].join('\n'),
);

const untuned = (target: number) => trace({ ...steady, isTuned: false, target });
const summary = (words: string, { targets, p95Seconds, copies, costUsd }: Trace) =>
  `| ${[words, oneDecimal(targets.at(-1)!), seconds(p95Seconds.at(-1)!), copies.at(-1), Math.round(costUsd)].join(' | ')} |`;
console.log(
  [
    '\n| a steady day | target in the end | P95 in the end, s | copies in the end | $ a day |',
    '| --- | --- | --- | --- | --- |',
    summary('four times too high, tuned', high),
    summary('four times too high, left alone', untuned(4 * RIGHT_TARGET)),
    summary('a quarter, tuned', low),
    summary('a quarter, left alone', untuned(RIGHT_TARGET / 4)),
    summary('right, left alone', untuned(RIGHT_TARGET)),
    '',
    `The day with the step: $${Math.round(tuned.costUsd)} tuned, $${Math.round(alone.costUsd)} with target tracking alone.`,
  ].join('\n'),
);
