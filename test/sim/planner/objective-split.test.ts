import fc from 'fast-check';
import { splitObjective } from '../../../sim/planner/objective-split';
import type { PlannedSystem } from '../../../sim/planner/planned-system';
import { synthesize } from '../../../sim/workload/synthesize';
import { OFFERS, twoModels } from './support';

const requests = synthesize(
  {
    days: 0.5,
    meanRatePerSecond: 0.02,
    promptTokens: 500,
    outputTokens: { lognormal: { p50: 100, p95: 300 } },
  },
  1,
);

const splitFor = (p95Ms?: number, system: PlannedSystem = twoModels()) =>
  splitObjective({ system, requests, offers: OFFERS, seed: 1, ...(p95Ms !== undefined && { p95Ms }) });

const { leastP95Ms } = splitFor();
const split = splitFor(2 * leastP95Ms);
const shareOf = (name: string, of = split) => of.nodes.find(({ node }) => node === name)!;

test('models share what the objective leaves beyond light load, and a service takes what it takes', () => {
  for (const name of ['ask', 'answer']) {
    const { shareMs, lightP95Ms, slackMs } = shareOf(name);
    expect(shareMs).toBeGreaterThan(lightP95Ms);
    expect(slackMs).toBeCloseTo(shareMs! - lightP95Ms);
  }
  expect(shareOf('find')).toEqual({ node: 'find', component: 'search', needs: [], lightP95Ms: 51, criticality: 0 });
});

test('equal models in a row get equal shares, which add up to the objective where a request that is long for one is for both', () => {
  const ask = shareOf('ask').shareMs!;
  const answer = shareOf('answer').shareMs!;
  expect(ask / answer).toBeCloseTo(1, 1);
  expect((ask + answer) / (2 * leastP95Ms)).toBeCloseTo(1, 2);
});

test('shares add up to more where models do not peak together', () => {
  const { agent, ...rest } = twoModels();
  const nodes = agent.nodes.map((node) => ({ ...node, outputTokens: { lognormal: { p50: 100, p95: 300 } } }));
  const apart = splitFor(2 * leastP95Ms, { ...rest, agent: { ...agent, nodes } });
  expect(apart.kappa).toBeGreaterThan(1.02);
  expect(shareOf('ask', apart).shareMs! + shareOf('answer', apart).shareMs!).toBeGreaterThan(1.02 * 2 * leastP95Ms);
});

test('a model that few runs need costs less', () => {
  const rare = splitFor(2 * leastP95Ms, twoModels({ expertProbability: 0.1 }));
  const slackShare = (name: string) => shareOf(name, rare).usdPer1000Runs! / rare.usdPer1000Runs;
  expect(slackShare('ask')).toBeLessThan(slackShare('answer'));
  expect(rare.usdPer1000Runs).toBeLessThan(split.usdPer1000Runs);
});

test('components tell their calls and shares of time, which add up to one', () => {
  const { components } = split;
  expect(components.map(({ component }) => component).sort()).toEqual(['expert', 'search', 'writer']);
  for (const { visits } of components) expect(visits).toBe(1);
  expect(components.reduce((sum, { timeShare }) => sum + timeShare, 0)).toBeCloseTo(1);
  const usd = components.reduce((sum, { usdPer1000Runs = 0 }) => sum + usdPer1000Runs, 0);
  expect(usd).toBeCloseTo(split.usdPer1000Runs);
});

test('without an objective it is twice what runs take at light load', () => {
  const { objective } = splitFor();
  expect(objective.p95Ms / leastP95Ms).toBeGreaterThanOrEqual(2);
  expect(objective.p95Ms / leastP95Ms).toBeLessThan(2.2);
});

test('a stricter objective never costs less, and no share is below light load', () => {
  const factor = fc.double({ min: 1.02, max: 6, noNaN: true });
  fc.assert(
    fc.property(factor, factor, (a, b) => {
      const strict = splitFor(Math.min(a, b) * leastP95Ms);
      const lax = splitFor(Math.max(a, b) * leastP95Ms);
      expect(strict.usdPer1000Runs).toBeGreaterThanOrEqual(lax.usdPer1000Runs * (1 - 1e-6));
      for (const { slackMs = 0 } of strict.nodes) expect(slackMs).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 5 },
  );
});

test('of instance types on which it costs the same, the smallest is chosen', () => {
  expect(split.instanceType).toBe('ml.g7e.2xlarge');
});

test('an objective that no number of copies meets names the path and the least that can be met', () => {
  const act = () => splitFor(0.9 * leastP95Ms);
  expect(act).toThrow(
    /^the objective p95=[\d.]+s cannot be met: at light load runs take [\d.]+s at P95 on ml\.g7e\.\w+, .* on the path ask -> answer; the least that can be met is p95=[\d.]+s: raise --objective/,
  );
  let message = '';
  try {
    act();
  } catch (error) {
    message = (error as Error).message;
  }
  const least = 1000 * Number(/is p95=([\d.]+)s/.exec(message)![1]);
  expect(splitFor(least).objective.p95Ms).toBe(least);
});

test('what only computes is passed through', () => {
  const { agent, ...rest } = twoModels();
  const [ask, find, answer] = agent.nodes;
  const nodes = [ask!, find!, { id: 'join', needs: ['ask', 'find'] }, { ...answer!, needs: ['join'] }];
  const joined = splitFor(2 * leastP95Ms, { ...rest, agent: { ...agent, nodes } });
  expect(joined.nodes.map(({ node }) => node)).toEqual(['ask', 'find', 'answer']);
  expect(shareOf('answer', joined).needs).toEqual(['ask', 'find']);
});

test('the same input gives the same split', () => {
  expect(splitFor(2 * leastP95Ms)).toEqual(split);
});
