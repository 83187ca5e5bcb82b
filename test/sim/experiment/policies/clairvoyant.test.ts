import { clairvoyantPolicy } from '../../../../sim/experiment/policies/clairvoyant';
import { prewarmPolicy } from '../../../../sim/experiment/policies/prewarm';
import { MINUTE_US } from '../../../../sim/kernel/time-units';
import { synthesize } from '../../../../sim/workload/synthesize';
import { inferenceComponent8b } from '../../../../sim/world/presets';
import { chain, live, requestsAt, withSamples, world } from './cold-chain';

test('copies are ready when a request comes, and gone soon after', () => {
  const samples: number[][] = [];
  const outcome = live(requestsAt([60], 120), withSamples(clairvoyantPolicy(), MINUTE_US, samples));
  expect(outcome.log.coldUs[0]).toBe(0);
  expect(outcome.log.latencyUs[0]).toBeLessThan(20e6);
  const held = samples.map(([copies]) => copies!);
  const first = held.indexOf(1);
  // A start takes about 5 minutes, late ones 7.
  expect(first).toBeGreaterThan(50);
  expect(held.lastIndexOf(1)).toBeLessThan(63);
  expect(held.slice(first, held.lastIndexOf(1) + 1).every((copies) => copies === 1)).toBe(true);
});

test('a run that begins late has the same copies ready', () => {
  const startUs = 30 * MINUTE_US;
  const whole = live(requestsAt([60], 120), clairvoyantPolicy(), { scoreFromUs: startUs });
  const part = live(requestsAt([60], 120), clairvoyantPolicy(), { scoreFromUs: startUs, startUs });
  expect(part.log.coldUs[0]).toBe(0);
  expect(part.costUsd).toBeCloseTo(whole.costUsd, 2);
});

test('on sparse traffic it is cheaper than every other policy, and runs wait for a copy only if its start is late', () => {
  const requests = synthesize(
    { days: 1, meanRatePerSecond: 10 / 3600, clients: [{ cv: 6 }], promptTokens: 300, outputTokens: 100 },
    11,
  );
  const scoreFromUs = 60 * MINUTE_US;
  const oracle = live(requests, clairvoyantPolicy(), { scoreFromUs });
  const scored = oracle.log.depth.subarray(oracle.firstScored);
  // One start in a hundred is late, and holds up a whole burst.
  expect(scored.filter((depth) => depth > 0).length).toBeLessThan(0.03 * scored.length);
  for (const name of ['none', 'entry', 'entryForecast'] as const) {
    const other = live(requests, prewarmPolicy(name), { scoreFromUs });
    expect(oracle.costUsd).toBeLessThan(other.costUsd);
  }
});

test('it holds what the load needs at the target: twice the copies for half the target', () => {
  const requests = synthesize({ days: 0.04, meanRatePerSecond: 3, promptTokens: 300, outputTokens: 400 }, 5);
  const copiesAt = (targetConcurrency: number) => {
    const scaling = { ...inferenceComponent8b.scaling, targetConcurrency, maxCopies: 100 };
    const samples: number[][] = [];
    live(requests, withSamples(clairvoyantPolicy(), MINUTE_US, samples), {
      scenario: { agent: { ...chain, nodes: [chain.nodes[0]!] }, objective: { p95Ms: 20_000 } },
      world: { ...world, components: { ma: { ...inferenceComponent8b, scaling } } },
    });
    const held = samples.slice(10, 55).map(([copies]) => copies!);
    return held.reduce((sum, copies) => sum + copies, 0) / held.length;
  };
  const ratio = copiesAt(4) / copiesAt(8);
  expect(ratio).toBeGreaterThan(1.6);
  expect(ratio).toBeLessThan(2.2);
});

test('branches, fan-out and the order of nodes are those that the run will draw', () => {
  const agent = {
    ...chain,
    nodes: [
      chain.nodes[0]!,
      { ...chain.nodes[1]!, probability: 0.3, items: 5, concurrency: 2 },
      { ...chain.nodes[2]!, probability: 0.5 },
    ],
  };
  const requests = requestsAt(
    Array.from({ length: 30 }, (_, at) => 60 * at + 30),
    30 * 60,
  );
  for (const isSequential of [false, true]) {
    const outcome = live(requests, clairvoyantPolicy(), {
      scenario: { agent, objective: { p95Ms: 20_000 } },
      isSequential,
    });
    expect(outcome.log.coldUs.every((coldUs) => coldUs === 0)).toBe(true);
  }
});
