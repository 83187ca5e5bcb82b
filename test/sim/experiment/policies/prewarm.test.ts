import type { AgentModel } from '../../../../sim/agent/agent-model';
import { prewarmPolicy } from '../../../../sim/experiment/policies/prewarm';
import { HOUR_US, MINUTE_US } from '../../../../sim/kernel/time-units';
import { synthesize } from '../../../../sim/workload/synthesize';
import { importedModel8b, inferenceComponent8b } from '../../../../sim/world/presets';
import type { WorldModel } from '../../../../sim/world/world-model';
import { requestsOf } from '../../workload/support';
import { chain, live, requestsAt, watchEvery, withSamples, world, worldOf } from './cold-chain';

const none = prewarmPolicy('none');
const entry = prewarmPolicy('entry');
const LONE_REQUEST = requestsAt([30], 180);

const coldSeconds = (outcome: ReturnType<typeof live>, request = 0) => outcome.log.coldUs[request]! / 1e6;

test('without pre-warming, cold starts along a path add up; started on entry, the longest of them counts', () => {
  const cascade = live(LONE_REQUEST, none);
  const starts = cascade.cascade!.nodes.map(({ coldMs }) => coldMs / 1000);
  expect(starts).toHaveLength(3);
  expect(coldSeconds(cascade)).toBeCloseTo(
    starts.reduce((sum, seconds) => sum + seconds, 0),
    3,
  );
  expect(cascade.log.depth[0]).toBe(3);

  // The alarm that notices a refused call takes 60 s; a warmer on entry starts at once.
  const longest = Math.max(...starts) - 60;
  const warmed = live(LONE_REQUEST, entry);
  expect(coldSeconds(warmed)).toBeLessThan(1.3 * longest);
  expect(coldSeconds(warmed)).toBeLessThan(0.45 * coldSeconds(cascade));
});

test('a node that begins is no news to the warmer, which is not told: what it thinks of a branch is of its past', () => {
  const branch = { ...chain, nodes: [chain.nodes[0]!, { ...chain.nodes[1]!, probability: 0.999 }] };
  const coldStart = (agent: AgentModel, delayPenaltyFactor: number) =>
    coldSeconds(
      live(LONE_REQUEST, prewarmPolicy('entry', { delayPenaltyFactor }), {
        scenario: { agent, objective: { p95Ms: 20_000 } },
      }),
    );
  const certain = { ...branch, nodes: chain.nodes.slice(0, 2) };
  expect(coldStart(branch, 50)).toBe(coldStart(certain, 50));
  // Too little for a branch of which nothing is known, also when the run has got to it: its call starts the copy.
  expect(coldStart(branch, 4)).toBeGreaterThan(coldStart(certain, 4) + 60);
});

test('a run that began when all was warm, and meets a model that has gone since, waits for the longest start as well', () => {
  // Half an hour of calls to the first model, in which the others go.
  const work = Array.from({ length: 60 }, (_, at) => ({
    id: `a${at}`,
    needs: at === 0 ? [] : [`a${at - 1}`],
    component: 'ma',
    outputTokens: 2_000,
  }));
  const [, b, c] = chain.nodes;
  const agent = { timeoutMs: 2 * 3_600_000, nodes: [...work, { ...b!, needs: ['a59'] }, c!] };
  const settings = { initialCopies: { ma: 1, mb: 1, mc: 1 }, scenario: { agent, objective: { p95Ms: 1 } } };
  const [without, warmed] = [none, entry].map((policy) => live(requestsAt([1], 240), policy, settings));
  expect([...without!.log.depth]).toEqual([2]);
  // The alarm that notices a refused call takes 60 s.
  expect(coldSeconds(warmed!)).toBeLessThan(1.05 * (coldSeconds(without!) / 2 - 60));
});

test('what was warmed is let go: copies go back to zero', () => {
  const samples: number[][] = [];
  live(LONE_REQUEST, withSamples(entry, MINUTE_US, samples));
  expect(samples[28]).toEqual([0, 0, 0]);
  expect(samples[30]).toEqual([1, 1, 1]);
  expect(samples.at(-1)).toEqual([0, 0, 0]);
});

test('what was started for a run that was given up is held until its caller could be back, whatever a wait costs', () => {
  const minutesHeld = (delayPenaltyFactor: number) => {
    const minimums: number[][] = [];
    const watched = watchEvery(
      MINUTE_US,
      prewarmPolicy('entry', { delayPenaltyFactor }),
      ({ autoscaler }) => {
        return autoscaler!.minCopies;
      },
      minimums,
    );
    live(LONE_REQUEST, watched, { scenario: { agent: { ...chain, timeoutMs: 90_000 }, objective: { p95Ms: 1 } } });
    return minimums.filter(([copies]) => copies! > 0).length;
  };
  // A start of five minutes that is late, and two minutes more.
  expect([50, 0.3].map(minutesHeld)).toEqual([9, 9]);
});

test('models that are warm are left alone: on steady traffic nothing changes, not even the bill', () => {
  const requests = synthesize({ days: 0.05, meanRatePerSecond: 0.2, promptTokens: 300, outputTokens: 100 }, 3);
  const initialCopies = { ma: 1, mb: 1, mc: 1 };
  const [without, withEntry] = [none, entry].map((policy) => live(requests, policy, { initialCopies }));
  expect(withEntry!.costUsd).toBe(without!.costUsd);
  expect(withEntry!.log.latencyUs).toEqual(without!.log.latencyUs);
});

test('a model behind a branch that is hardly ever taken is soon not warmed any more', () => {
  const rare: AgentModel = {
    ...chain,
    nodes: [chain.nodes[0]!, { ...chain.nodes[1]!, probability: 0.01 }, chain.nodes[2]!],
  };
  const hours = Array.from({ length: 40 }, (_, hour) => 60 * hour + 30);
  const samples: number[][] = [];
  const outcome = live(requestsAt(hours, 40 * 60), withSamples(entry, 10 * MINUTE_US, samples), {
    scenario: { agent: rare, objective: { p95Ms: 20_000 } },
  });
  const started = (from: number, to: number, model: number) =>
    samples.slice(from * 6, to * 6).some((copies) => copies[model]! > 0);
  expect(outcome.log.latencyUs.every(Number.isFinite)).toBe(true);
  expect(started(0, 3, 1)).toBe(true);
  expect(started(5, 40, 1)).toBe(false);
  expect(started(39, 40, 0)).toBe(true);
  expect(started(39, 40, 2)).toBe(true);
});

test('it knows how a run goes in sequence, and leaves models with fixed copies alone', () => {
  const fixedCopies = { ma: 1, mb: 1, mc: 1 };
  const [without, withEntry] = [none, entry].map((policy) => live(LONE_REQUEST, policy, { fixedCopies }));
  expect(withEntry!.log).toEqual(without!.log);
  expect(coldSeconds(live(LONE_REQUEST, entry, { isSequential: true }))).toBe(coldSeconds(live(LONE_REQUEST, entry)));
});

test('kept alive, a model that is called once an hour stays warm from the second call on', () => {
  const requests = requestsAt([30, 90, 150, 210], 240);
  const [without, kept] = [none, prewarmPolicy('keepAlive')].map((policy) => live(requests, policy));
  expect([...without!.log.depth]).toEqual([3, 3, 3, 3]);
  expect([...kept!.log.depth]).toEqual([3, 0, 0, 0]);
});

test('kept alive and started on entry, the first call of a chain does not wait for the sum either', () => {
  const requests = requestsAt([30, 90, 150, 210], 240);
  const [onEntry, kept, both] = (['entry', 'keepAlive', 'entryKeepAlive'] as const).map((name) =>
    live(requests, prewarmPolicy(name)),
  );
  expect(coldSeconds(both!)).toBe(coldSeconds(onEntry!));
  expect(coldSeconds(both!)).toBeLessThan(0.5 * coldSeconds(kept!));
  expect([...both!.log.depth].slice(1)).toEqual([0, 0, 0]);
});

test('the dearer waiting is, the more is spent and the fewer runs wait', () => {
  const requests = synthesize(
    { days: 1, meanRatePerSecond: 5 / 3600, clients: [{ cv: 6 }], promptTokens: 300, outputTokens: 100 },
    11,
  );
  const outcomes = [3, 12, 50].map((delayPenaltyFactor) =>
    live(requests, prewarmPolicy('keepAlive', { delayPenaltyFactor })),
  );
  const costs = outcomes.map(({ costUsd }) => costUsd);
  const waiting = outcomes.map(({ log }) => log.depth.filter((depth) => depth > 0).length);
  expect(costs).toEqual([...costs].sort((a, b) => a - b));
  expect(waiting).toEqual([...waiting].sort((a, b) => b - a));
  expect(costs[2]).toBeGreaterThan(1.3 * costs[0]!);
});

test('a model that starts sooner than a run can get to it is started later, and is there in time', () => {
  const mixed: WorldModel = { ...world, components: { ma: inferenceComponent8b, mb: importedModel8b } };
  const samples: number[][] = [];
  const outcome = live(LONE_REQUEST, withSamples(entry, 10e6, samples), {
    scenario: { agent: { ...chain, nodes: chain.nodes.slice(0, 2) }, objective: { p95Ms: 20_000 } },
    world: mixed,
  });
  const startOf = (model: number) => 10 * (samples.findIndex((copies) => copies[model]! > 0) - 30 * 6);
  expect(startOf(0)).toBeLessThan(15);
  expect(startOf(1)).toBeGreaterThan(20);
  expect(startOf(1)).toBeLessThan(120);
  expect(outcome.log.depth[0]).toBe(1);
});

test('a burst of calls that are known to be long starts several copies, though its first run needs only one', () => {
  const before = Array.from({ length: 6 }, (_, hour) => 60 * hour + 30);
  const burst = Array.from({ length: 30 }, (_, second) => 390 + second / 60);
  const requests = requestsOf(
    [...before, ...burst].map((minute) => [minute * MINUTE_US, 300, 4_000] as const),
    480 * MINUTE_US,
  );
  const samples: number[][] = [];
  live(requests, withSamples(entry, MINUTE_US / 2, samples), {
    scenario: { agent: { ...chain, nodes: chain.nodes.slice(0, 1) }, objective: { p95Ms: 20_000 } },
    world: worldOf(['ma']),
  });
  expect(samples.slice(0, 779).every(([copies]) => copies! <= 1)).toBe(true);
  expect(samples[780]![0]).toBeGreaterThan(1);
});

test('a forecast has models warm before a run comes, and lets go when none is expected', () => {
  const everyDay = (hours: readonly number[]) =>
    Array.from({ length: 3 }, (_, day) => hours.map((hour) => 60 * (24 * day + hour))).flat();
  const requests = requestsAt(everyDay([9.02, 9.3, 9.6, 10.1, 10.5, 10.9]), 3 * 24 * 60);
  const samples: number[][] = [];
  const forecast = withSamples(prewarmPolicy('entryForecast'), HOUR_US, samples);
  const [onEntry, outcome] = [entry, forecast].map((policy) => live(requests, policy));
  const coldRuns = ({ log }: typeof onEntry & object) => log.depth.filter((depth) => depth > 0).length;
  expect(coldRuns(outcome!)).toBeLessThan(coldRuns(onEntry!));
  // Two o'clock in the last night.
  expect(samples[2 * 24 + 1]).toEqual([0, 0, 0]);
});

test('nothing is warmed without a budget', () => {
  const broke = prewarmPolicy('entry', { limits: { hourlyBudgetUsd: 0 } });
  expect(live(LONE_REQUEST, broke).log).toEqual(live(LONE_REQUEST, none).log);
});

test('with a budget that keeping alone would use up, the last runs of a month are started on entry like the first', () => {
  const daily = Array.from({ length: 12 }, (_, day) => 24 * 60 * day + 30);
  const limits = { monthlyBudgetUsd: 100, hourlyBudgetUsd: 100 };
  const outcome = live(requestsAt(daily, 12 * 24 * 60), prewarmPolicy('entryKeepAlive', { limits }));
  expect(coldSeconds(outcome, 11)).toBeLessThan(1.5 * coldSeconds(outcome, 0));
});

test('a start that pays by what warming adds does not pay by all that it costs', () => {
  const single: AgentModel = { ...chain, nodes: [chain.nodes[0]!] };
  const options = { delayPenaltyFactor: 4 };
  const run = (costRule: 'full' | 'marginal') =>
    live(LONE_REQUEST, prewarmPolicy('entry', { ...options, costRule }), {
      scenario: { agent: single, objective: { p95Ms: 1 } },
      world: worldOf(['ma']),
    });
  expect(coldSeconds(run('marginal'))).toBeLessThan(coldSeconds(run('full')) - 30);
});

test('the same seed gives the same run', () => {
  const requests = synthesize(
    { days: 0.3, meanRatePerSecond: 0.003, clients: [{ cv: 6 }], promptTokens: 300, outputTokens: 100 },
    7,
  );
  for (const name of ['keepAlive', 'entry', 'entryKeepAlive', 'entryForecast'] as const) {
    const [first, second] = [1, 2].map(() => live(requests, prewarmPolicy(name), { world }));
    expect(second!.log).toEqual(first!.log);
    expect(second!.costUsd).toBe(first!.costUsd);
  }
});
