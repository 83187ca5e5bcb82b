import { RunLog } from '../../../sim/agent/run-log';
import { score } from '../../../sim/experiment/score';

const MS = 1000;

/** A run of these latencies in ms; the first do not count. */
function outcome(latenciesMs: readonly number[], firstScored = 0) {
  const log = new RunLog(latenciesMs.length);
  latenciesMs.forEach((latencyMs, at) => {
    log.latencyUs[at] = latencyMs * MS;
    if (latencyMs === Infinity) return;
    log.serviceUs[at] = latencyMs * MS - 300;
    log.queueUs[at] = 100;
    log.orchestrationUs[at] = 200;
  });
  const rest = { costUsd: 12, instanceHours: 3, events: 0, series: undefined, cascade: undefined, warmAtStart: {} };
  return { log, firstScored, ...rest };
}

const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

test('quantiles, attainment and throughput of the requests that count', () => {
  const { row } = score(outcome(upTo(101)), 10e6, 51);
  expect(row).toMatchObject({
    p50Ms: 51,
    p95Ms: 96,
    p99Ms: 100,
    costUsd: 12,
    instanceHours: 3,
    errors: 0,
    coldShare: 0,
  });
  expect(row.attainment).toBeCloseTo(51 / 101);
  expect(row.throughputRps).toBeCloseTo(10.1);
});

test('a warm-up does not count, however bad', () => {
  const warmUp = [Infinity, Infinity, 9999];
  expect(score(outcome([...warmUp, ...upTo(101)], 3), 10e6, 51)).toEqual(score(outcome(upTo(101)), 10e6, 51));
});

test('a failed request misses the objective, and is no throughput', () => {
  const { row } = score(outcome([...upTo(8), Infinity, Infinity]), 1e6, 100);
  expect(row).toMatchObject({ attainment: 0.8, errors: 2, throughputRps: 8, p50Ms: 5.5, p95Ms: null, p99Ms: null });
});

test('a request without an outcome is neither answered nor failed, and so is missing from those that count', () => {
  const { row } = score(outcome([...upTo(8), NaN, Infinity]), 1e6, 100);
  expect(row).toMatchObject({ requests: 9, errors: 1, throughputRps: 8 });
});

test('one failure in a hundred leaves the P95 finite and takes the P99', () => {
  const { row } = score(outcome([...upTo(99), Infinity]), 1e6, 1000);
  expect([row.p95Ms, row.p99Ms, row.attainment]).toEqual([95.05, null, 0.99]);
});

test('cold requests are counted by their share', () => {
  const run = outcome(upTo(10));
  run.log.depth.set([1, 3, 0, 2], 2);
  expect(score(run, 1e6, 100).row.coldShare).toBe(0.3);
});

test('the parts at the P95 are the means of the requests around it', () => {
  const { p95Parts } = score(outcome(upTo(101)), 1e6, 100);
  // From the 94th to the 98th: 96 ms on average.
  expect(p95Parts.serviceMs).toBeCloseTo(95.7);
  expect(p95Parts).toMatchObject({ coldMs: 0, retryMs: 0 });
  expect(p95Parts.queueMs).toBeCloseTo(0.1);
  expect(p95Parts.orchestrationMs).toBeCloseTo(0.2);
});

test('where all around the P95 failed there are no parts', () => {
  const { p95Parts } = score(outcome([1, Infinity, Infinity]), 1e6, 100);
  expect(Object.values(p95Parts)).toEqual([0, 0, 0, 0, 0]);
});
