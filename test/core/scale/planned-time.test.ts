import fc from 'fast-check';
import { splitMeasured } from '../../../core/scale/measured-split';
import { partTimes } from '../../../core/scale/planned-time';
import { PERCENTILE_GRID, poolLatencies } from '../../../core/scale/pooled-latency';

/** A node with latencies spread evenly from half of the P95 on. */
const spread = (p95Ms: number, reach = 1) => ({
  latency: poolLatencies([{ count: 100, valuesMs: PERCENTILE_GRID.map((p) => p95Ms * (0.5 + (0.5 * p) / 95)) }]),
  reach,
});

const someCalls = fc
  .dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.double({ min: 0, max: 1e9, noNaN: true }), {
    minKeys: 1,
    maxKeys: 8,
  })
  .filter((callsMs) => Object.values(callsMs).some((ms) => ms > 0));

test('parts take the time of their plan together, at every percentile, each in proportion to its calls', () => {
  fc.assert(
    fc.property(
      someCalls,
      fc.double({ min: 1, max: 1e6, noNaN: true }),
      fc.integer({ min: 0, max: 100 }),
      (callsMs, p95Ms, p) => {
        const plan = spread(p95Ms, 0.25);
        const parts = partTimes(plan, callsMs)!;
        expect([...parts.keys()]).toEqual(Object.keys(callsMs));
        const whole = plan.latency.percentileMs(p);
        const total = Object.values(callsMs).reduce((sum, ms) => sum + ms, 0);
        let sum = 0;
        for (const [id, { latency, reach }] of parts) {
          expect(reach).toBe(0.25);
          expect(latency.percentileMs(p) / whole).toBeCloseTo(callsMs[id]! / total, 9);
          sum += latency.percentileMs(p);
        }
        expect(sum / whole).toBeCloseTo(1, 9);
      },
    ),
  );
});

test('without a call that took time a plan has no parts', () => {
  expect(partTimes(spread(1000), {})).toBeUndefined();
  expect(partTimes(spread(1000), { search: 0 })).toBeUndefined();
});

const stage = (id: string, needs: readonly string[] = [], plan?: string) => ({
  id,
  component: id,
  needs: needs.map((node) => ({ node, probability: 1 })),
  join: 'all' as const,
  width: 1,
  repeat: 0,
  ...(plan !== undefined && { part: { plan, calls: id } }),
});

function uniformNumbers(): () => number {
  let at = 0;
  return () => (at = (at + 0.618_033_988_7) % 1);
}

test('an objective is split over a plan of several parts as over a node that takes as long', () => {
  const research = spread(2000);
  const whole = splitMeasured(
    [stage('research')],
    new Map([['research', research]]),
    () => true,
    5000,
    uniformNumbers(),
  );
  const planned = [
    stage('research'),
    stage('planner', ['research'], 'research'),
    stage('search', ['planner'], 'research'),
  ];
  const parts = partTimes(research, { planner: 300, search: 700 })!;
  const split = splitMeasured(planned, parts, ({ part }) => part !== undefined, 5000, uniformNumbers());
  // Parts drawn apart would not peak together, and could grow further.
  expect(split!.factor).toBeCloseTo(whole!.factor, 2);
});
