import type { Scenario } from '../../../sim/experiment/scenario';
import { scenarioFaults } from '../../../sim/experiment/scenario-faults';
import { staticTerrain, variationsOf } from '../../../sim/experiment/variations';
import { support } from '../../../sim/scenarios/support';
import { fingerprint } from '../../../sim/workload/fingerprint';
import { synthesize } from '../../../sim/workload/synthesize';
import { tiny } from './tiny-scenario';

/** The paths at which two values differ. */
function differences(a: unknown, b: unknown, at = ''): string[] {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b) ? [] : [at];
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  return [...keys].flatMap((key) => differences(left[key], right[key], at === '' ? key : `${at}.${key}`));
}

/** What each parameter may change, and nothing else. */
const CHANGES: Readonly<Record<string, RegExp>> = {
  'cold start': /^world\.(fleets\.\w+\.instances\.\d+\.provisionSeconds|components\.\w+\.coldStart\.stageSeconds\.)/,
  'detection of load': /^world\.components\.\w+\.scaling\.rule\.(publicationLagSeconds|outAfterSeconds)$/,
  objective: /^objective\.p95Ms$/,
  'variation of gaps': /^workload\.clients\b/,
  'fan-out': /^agent\.nodes\.\d+\.items\b/,
  'branch probabilities': /^agent\.nodes\.\d+\.probability$/,
  'service times': /^world\.components\.\w+\.copy\.stepSeconds\./,
  load: /^workload\.meanRatePerSecond$/,
  'instances that cannot be had': /^world\.fleets\.\w+\.instances\.\d+\.insufficientCapacity$/,
};

const variations = variationsOf(support);

test.each(Object.entries(CHANGES))('%s changes that alone, both ways', (parameter, allowed) => {
  const pair = variations.filter((each) => each.parameter === parameter);
  expect(pair.map(({ isLow }) => isLow)).toEqual([true, false]);
  for (const { scenario } of pair) {
    const changed = differences(support, scenario);
    expect(changed.length).toBeGreaterThan(0);
    for (const path of changed) expect(path).toMatch(allowed);
  }
});

test('no parameter is varied that this list leaves out', () => {
  expect(new Set(variations.map(({ parameter }) => parameter))).toEqual(new Set(Object.keys(CHANGES)));
});

test('the scenario itself stays as it was, and every variation of it is one that can be run', () => {
  const before = JSON.stringify(support);
  const all = [...variationsOf(support), ...staticTerrain(support)];
  expect(JSON.stringify(support)).toBe(before);
  for (const { scenario } of all) expect([...scenarioFaults(JSON.parse(JSON.stringify(scenario)))]).toEqual([]);
});

test('what is varied outside of the workload leaves the requests as they are', () => {
  const requestsOf = ({ workload }: Scenario) => fingerprint(synthesize(workload, 1));
  const base = requestsOf(tiny);
  for (const { parameter, scenario } of variationsOf(tiny)) {
    const isWorkload = ['variation of gaps', 'load'].includes(parameter);
    expect([parameter, requestsOf(scenario) === base]).toEqual([parameter, !isWorkload]);
  }
});

test('a factor applies to all that a parameter stands for', () => {
  const of = (parameter: string, isLow: boolean) =>
    variations.find((each) => each.parameter === parameter && each.isLow === isLow)!;
  const base = support.world.components.writer;
  const slow = of('cold start', false).scenario.world.components.writer;
  if (base?.kind !== 'inference-component' || slow?.kind !== 'inference-component')
    throw new Error('no such component');
  for (const [stage, seconds] of Object.entries(base.coldStart.stageSeconds)) {
    expect(slow.coldStart.stageSeconds).toHaveProperty(stage, 3 * seconds);
  }
  expect(of('branch probabilities', true).scenario.agent.nodes[2]!.probability).toBeCloseTo(0.07, 10);
  expect(of('fan-out', false).scenario.agent.nodes[1]!.items).toEqual({
    quantiles: [
      [0, 2],
      [1, 10],
    ],
  });
  expect(of('load', true).value).toBe('x0.4');
});

test('the terrain of static fleets differs from the scenario in its load alone', () => {
  for (const { name, scenario } of staticTerrain(support)) {
    const changed = differences(support, scenario);
    expect([name, changed.length > 0]).toEqual([name, true]);
    for (const path of changed) expect(path).toMatch(/^workload\./);
  }
  const [flat] = staticTerrain(support);
  expect(flat!.scenario.workload.spikes).toBeUndefined();
});
