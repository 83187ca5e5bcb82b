import fc from 'fast-check';
import { HOUR_MS, MINUTE_MS } from '../../../core/time-units';
import {
  type ComponentStatus,
  EMPTY_WARM_STATE,
  keepAlivePlan,
  learnIdleTime,
  learnRun,
  NO_KNOWLEDGE,
  WARM_POLICIES,
  type WarmAction,
  type WarmGraph,
  type WarmKnowledge,
  type WarmPolicyName,
  type WarmState,
} from '../../../core/warm';
import { branchyGraph, chainOf } from './support/graphs';
import { COLD, componentsOf, configOf, newRequest, observe, WARM, warmed } from './support/worlds';

const NOW_MS = 1_000 * HOUR_MS;
const CHAIN = chainOf(3);
const { none, keepAlive, entry, entryKeepAlive, entryForecast } = WARM_POLICIES;

const NAMES = Object.keys(WARM_POLICIES) as WarmPolicyName[];
const policyName = fc.constantFrom<WarmPolicyName>(...NAMES);
const status: fc.Arbitrary<ComponentStatus> = fc.record({
  copies: fc.nat(2),
  startingReadyAtMs: fc.array(fc.integer({ min: NOW_MS, max: NOW_MS + 10 * MINUTE_MS }), { maxLength: 2 }),
  path: fc.constantFrom('cached-instance' as const, 'new-instance' as const, 'imported-model' as const),
  callsInFlight: fc.nat(1),
  lastCallMs: fc.integer({ min: NOW_MS - 12 * HOUR_MS, max: NOW_MS }),
});

/** A few moments in the life of a graph: how its components are, and whether a run is open. */
const life = fc.record({
  graph: branchyGraph.map(({ graph }) => graph),
  budgetUsd: fc.integer({ min: 0, max: 300 }).map((cents) => cents / 100),
  moments: fc.array(
    fc.record({
      laterMs: fc.integer({ min: 0, max: 20 * MINUTE_MS }),
      statuses: fc.array(status, { minLength: 4, maxLength: 4 }),
      floors: fc.array(fc.nat(3), { minLength: 4, maxLength: 4 }),
      hasRun: fc.boolean(),
    }),
    { minLength: 1, maxLength: 6 },
  ),
});

function* live(policy: WarmPolicyName, { graph, budgetUsd, moments }: Life, knowledge = NO_KNOWLEDGE) {
  const config = configOf(graph, { hourlyBudgetUsd: budgetUsd, monthlyBudgetUsd: 2 * budgetUsd });
  let state: WarmState = EMPTY_WARM_STATE;
  let nowMs = NOW_MS;
  for (const { laterMs, statuses, floors, hasRun } of moments) {
    nowMs += laterMs;
    const names = ['m0', 'm1', 'm2', 'm3'];
    const observation = observe(graph, hasRun ? [newRequest(graph)] : [], COLD, {
      components: Object.fromEntries(names.map((name, i) => [name, statuses[i]!])),
      floorCopies: Object.fromEntries(names.map((name, i) => [name, floors[i]!])),
      knowledge,
    });
    const decision = WARM_POLICIES[policy](state, observation, config, nowMs);
    yield { before: state, observation, decision, config, nowMs };
    state = decision.state;
  }
}

type Life = typeof life extends fc.Arbitrary<infer T> ? T : never;

test('what is warm never costs more than the budget of its hour and its month', () => {
  fc.assert(
    fc.property(policyName, life, (policy, given) => {
      const byHour = new Map<number, number>();
      let monthUsd = 0;
      const holds = new Map<
        string,
        { copies: number; untilMs: number; usd: number; hour: number; isStarted: boolean }
      >();
      const uncalled = new Map<string, { copies: number; sinceMs: number; tailUsd: number; hour: number }>();
      for (const { observation, decision, nowMs, config } of live(policy, given)) {
        const hour = Math.floor(nowMs / HOUR_MS);
        const spend = (usd: number, at = hour) => {
          byHour.set(at, (byHour.get(at) ?? 0) + usd);
          monthUsd += usd;
        };
        for (const [name, { copies, sinceMs, tailUsd, hour: at }] of uncalled) {
          const { lastCallMs, callsInFlight, copies: serving } = observation.components[name]!;
          const isCalled = serving > 0 && (callsInFlight > 0 ? nowMs : lastCallMs!) > sinceMs;
          // A call is known to have kept one of them from idling.
          if (isCalled) spend(-tailUsd / copies, at);
          if (isCalled || decision.state.warmUps?.[name]?.sinceMs !== sinceMs) uncalled.delete(name);
        }
        for (const action of decision.actions) {
          const held = holds.get(action.component);
          const isHeld = held !== undefined && held.untilMs > nowMs;
          const heldMs = isHeld ? held.copies * (held.untilMs - nowMs) : 0;
          const heldUsd = (1.4 * heldMs) / HOUR_MS;
          if (action.type === 'release') {
            spend(-Math.min(heldUsd, held!.usd), held!.hour);
            holds.delete(action.component);
            continue;
          }
          const usd = (1.4 * action.copies * (action.untilMs - nowMs)) / HOUR_MS - heldUsd;
          const isStarted = action.type === 'warm' || (isHeld && held.isStarted);
          holds.set(action.component, { ...action, usd, hour, isStarted });
          spend(usd);
          const { copies, startingReadyAtMs, path } = observation.components[action.component]!;
          if (action.type === 'warm' && path !== 'imported-model') {
            const ours = isHeld && held.isStarted ? held.copies : 0;
            const started = action.copies - Math.max(copies + startingReadyAtMs.length, ours);
            const idlesMs = Math.max(0, action.readyAtMs + 15 * MINUTE_MS - action.untilMs);
            const tailUsd = (1.4 * started * (idlesMs + 10 * MINUTE_MS)) / HOUR_MS;
            const open = uncalled.get(action.component) ?? { copies: 0, sinceMs: nowMs, tailUsd: 0, hour };
            const all = { copies: open.copies + started, tailUsd: open.tailUsd + tailUsd };
            uncalled.set(action.component, { ...open, ...all });
            spend(tailUsd);
          }
          expect(monthUsd).toBeLessThanOrEqual(decision.state.spend.monthUsd + 1e-9);
          expect(byHour.get(hour)).toBeLessThanOrEqual(config.limits.hourlyBudgetUsd + 1e-9);
          expect(monthUsd).toBeLessThanOrEqual(config.limits.monthlyBudgetUsd + 1e-9);
        }
      }
    }),
  );
});

test('keeping leaves the money of days to come to the runs that come then', () => {
  const limits = { hourlyBudgetUsd: 30, monthlyBudgetUsd: 30 };
  const config = configOf(CHAIN, limits);
  const monthBeganMs = Date.UTC(2026, 2, 1);
  let state: WarmState = EMPTY_WARM_STATE;
  for (let minute = 0; minute < 24 * 60; minute += 5) {
    const nowMs = monthBeganMs + minute * MINUTE_MS;
    const observation = observe(CHAIN, [], { ...WARM, lastCallMs: nowMs - 1_000 });
    state = entryKeepAlive(state, observation, config, nowMs).state;
  }
  expect(state.spend.monthUsd).toBeGreaterThan(0.9);
  expect(state.spend.monthUsd).toBeLessThanOrEqual(1);

  const nowMs = monthBeganMs + 24 * HOUR_MS - MINUTE_MS;
  const { actions, reasons } = entryKeepAlive(state, observe(CHAIN, [newRequest(CHAIN)]), config, nowMs);
  expect(warmed(actions)).toEqual(componentsOf(CHAIN));
  expect(reasons.join()).not.toContain('USD needed');
});

describe('when too little was called of what was started', () => {
  const low = { used: 0, wasted: 20, lowSinceMs: NOW_MS - 25 * HOUR_MS, atMs: NOW_MS - HOUR_MS };
  const cold = observe(CHAIN, [newRequest(CHAIN)]);

  test('for runs, nothing is started for runs any more', () => {
    const { actions, reasons } = entry({ ...EMPTY_WARM_STATE, precision: low }, cold, configOf(CHAIN), NOW_MS);
    expect(actions).toEqual([]);
    expect(reasons.join()).toContain('warming is off: 0.0 of the last 20.0 warm-ups were called');
  });

  test('ahead of runs, what runs want is started all the same, and nothing ahead of them', () => {
    const state = { ...EMPTY_WARM_STATE, aheadPrecision: low };
    expect(warmed(entry(state, cold, configOf(CHAIN), NOW_MS).actions)).toEqual(componentsOf(CHAIN));
    const floors = observe(CHAIN, [], COLD, { floorCopies: { m0: 1 } });
    const { actions, reasons } = entryForecast(state, floors, configOf(CHAIN), NOW_MS);
    expect(actions).toEqual([]);
    expect(reasons.join()).toContain('warming ahead of runs is off');
  });

  test('each start counts for its kind', () => {
    const floors = observe(CHAIN, [], COLD, { floorCopies: { m0: 1 } });
    const ahead = entryForecast(EMPTY_WARM_STATE, floors, configOf(CHAIN), NOW_MS);
    const later = NOW_MS + 10 * HOUR_MS;
    const gone = entryForecast(ahead.state, observe(CHAIN, []), configOf(CHAIN), later);
    expect(gone.state).toMatchObject({ precision: { wasted: 0 }, aheadPrecision: { wasted: 1 } });
    const wanted = entry(EMPTY_WARM_STATE, cold, configOf(CHAIN), NOW_MS);
    const unused = entry(wanted.state, observe(CHAIN, []), configOf(CHAIN), later);
    expect(unused.state).toMatchObject({ precision: { wasted: 1 }, aheadPrecision: { wasted: 0 } });
  });
});

describe('a run that ended at its deadline, long before what it waited for serves', () => {
  /** The last call was hours ago, and pauses are known to be of minutes. */
  const idle = { ...COLD, lastCallMs: NOW_MS - 5 * HOUR_MS };
  const knowledge = manyIdleTimes(...componentsOf(CHAIN).flatMap((name) => [name, 5 * MINUTE_MS]));
  const config = configOf(CHAIN);
  const decide = (state: WarmState, hasRun: boolean, given: ComponentStatus, nowMs: number) =>
    entry(state, observe(CHAIN, hasRun ? [newRequest(CHAIN)] : [], given, { knowledge }), config, nowMs);
  const started = decide(EMPTY_WARM_STATE, true, idle, NOW_MS);
  const readyAtMs = started.state.holds.m0!.readyAtMs!;
  const starting = { ...idle, startingReadyAtMs: [readyAtMs] };
  const serving = { ...idle, copies: 1, servesSinceMs: readyAtMs - 1_000 };

  test('is expected back when it serves, so nothing is let go before', () => {
    const soon = decide(started.state, false, starting, NOW_MS + MINUTE_MS);
    expect(soon.actions).toEqual([]);
    const back = decide(soon.state, false, serving, readyAtMs + MINUTE_MS);
    expect(Object.keys(back.state.holds)).toEqual(componentsOf(CHAIN));
    const late = decide(back.state, false, serving, readyAtMs + 2 * MINUTE_MS);
    expect(late.state.holds).toEqual({});
  });

  test('may be back late: while its copies are there it is served by them', () => {
    const late = decide(started.state, false, serving, readyAtMs + 10 * MINUTE_MS);
    const served = { ...serving, lastCallMs: readyAtMs + 11 * MINUTE_MS };
    const { precision } = decide(late.state, false, served, readyAtMs + 12 * MINUTE_MS).state;
    expect(precision).toMatchObject({ used: 1, wasted: 0 });
  });

  test('and comes back every time does not switch warming off', () => {
    let state: WarmState = EMPTY_WARM_STATE;
    for (let nowMs = NOW_MS; nowMs < NOW_MS + 80 * HOUR_MS; nowMs += 10 * HOUR_MS) {
      const begun = decide(state, true, idle, nowMs);
      expect(warmed(begun.actions)).toEqual(componentsOf(CHAIN));
      const waiting = decide(begun.state, false, { ...idle, startingReadyAtMs: [nowMs] }, nowMs + MINUTE_MS);
      const calledMs = nowMs + 10 * MINUTE_MS;
      ({ state } = decide(waiting.state, true, { ...WARM, lastCallMs: calledMs }, calledMs));
    }
    expect(state.precision.wasted).toBe(0);
  });
});

test('nothing is warmed of which as many copies are warm or starting', () => {
  fc.assert(
    fc.property(policyName, life, (policy, given) => {
      for (const { before, observation, decision, nowMs } of live(policy, given)) {
        for (const action of decision.actions) {
          if (action.type !== 'warm') continue;
          const { copies, startingReadyAtMs } = observation.components[action.component]!;
          expect(action.copies).toBeGreaterThan(copies + startingReadyAtMs.length);
          const held = before.holds[action.component];
          if (held?.readyAtMs !== undefined && held.untilMs > nowMs) expect(action.copies).toBeGreaterThan(held.copies);
        }
      }
    }),
  );
});

test('what is let go while none of it is there is counted at once', () => {
  const config = configOf(CHAIN);
  const idle = { ...COLD, lastCallMs: NOW_MS - 12 * HOUR_MS };
  const ahead = entryForecast(EMPTY_WARM_STATE, observe(CHAIN, [], idle, { floorCopies: { m0: 1 } }), config, NOW_MS);
  expect(warmed(ahead.actions)).toEqual(['m0']);
  const released = entryForecast(ahead.state, observe(CHAIN, [], idle), config, NOW_MS);
  expect(released.actions).toMatchObject([{ type: 'release', component: 'm0' }]);
  expect(released.state).toMatchObject({ warmUps: {}, aheadPrecision: { wasted: 1 } });
});

test('asked again the same, a policy does nothing more', () => {
  fc.assert(
    fc.property(policyName, life, (policy, given) => {
      for (const { observation, decision, config, nowMs } of live(policy, given)) {
        const again = WARM_POLICIES[policy](decision.state, observation, config, nowMs);
        expect(again.actions).toEqual([]);
        expect(again.state).toEqual(decision.state);
      }
    }),
  );
});

/** In which components are often cold and seldom asked for. */
const quietLife = life.map(({ budgetUsd, moments, graph }) => ({
  graph,
  budgetUsd: budgetUsd + 3,
  moments: moments.map((moment) => ({
    ...moment,
    floors: moment.floors.map((copies) => Math.max(0, copies - 2)),
    statuses: moment.statuses.map((given) => ({
      ...given,
      copies: Math.max(0, given.copies - 1),
      startingReadyAtMs: [],
    })),
  })),
}));

test('nothing is let go while a run may call it, a floor asks for it or its idle times speak for it', () => {
  const soon = manyIdleTimes('m0', 5 * MINUTE_MS, 'm1', 3 * HOUR_MS);
  let releases = 0;
  fc.assert(
    fc.property(policyName, quietLife, (policy, given) => {
      for (const { observation, decision, config, nowMs } of live(policy, given, soon)) {
        for (const { type, component } of decision.actions) {
          if (type !== 'release') continue;
          releases++;
          const { lastCallMs, callsInFlight } = observation.components[component]!;
          expect(callsInFlight).toBe(0);
          expect(observation.floorCopies[component]).toBe(0);
          if (observation.requests.length > 0) {
            const users = config.graphs.branchy!.nodes.filter((node) => node.component === component);
            expect(users).toEqual([]);
          }
          const { windows } = keepAlivePlan(soon.idleTimes[component], {
            coldStartMs: 1,
            pricePerHourUsd: 1.4,
            delayPenaltyPerHourUsd: 70,
          });
          // With any cold start at all the plan keeps at least as long.
          expect(nowMs - lastCallMs!).toBeGreaterThanOrEqual(windows[0]!.toMs);
        }
      }
    }),
    { numRuns: 300 },
  );
  expect(releases).toBeGreaterThan(0);
});

test('states and decisions are plain data', () => {
  fc.assert(
    fc.property(policyName, life, (policy, given) => {
      for (const { decision } of live(policy, given)) {
        expect(JSON.parse(JSON.stringify(decision))).toEqual(decision);
      }
    }),
    { numRuns: 30 },
  );
});

test('on entry every cold component of the graph is started at once, with its reason', () => {
  const { actions, reasons } = entry(EMPTY_WARM_STATE, observe(CHAIN, [newRequest(CHAIN)]), configOf(CHAIN), NOW_MS);
  expect(warmed(actions)).toEqual(['m0', 'm1', 'm2']);
  expect(actions[2]!.reason).toMatch(/called with probability 1\.00 by 1 runs, saves \d+\.\d{4} USD of waiting/);
  expect(reasons).toHaveLength(3);
});

test('without pre-warming nothing happens', () => {
  expect(none(EMPTY_WARM_STATE, observe(CHAIN, [newRequest(CHAIN)]), configOf(CHAIN), NOW_MS).actions).toEqual([]);
});

test('a thousand runs at once start each component once', () => {
  const requests = Array.from({ length: 1_000 }, (_, i) => newRequest(CHAIN, {}, `r${i}`));
  const { actions } = entry(EMPTY_WARM_STATE, observe(CHAIN, requests), configOf(CHAIN), NOW_MS);
  expect(warmed(actions)).toEqual(['m0', 'm1', 'm2']);
});

/** m1 has up to three copies for four calls each. */
const MANY_COPIES = {
  ...configOf(CHAIN),
  components: {
    ...configOf(CHAIN).components,
    m1: { pricePerHourUsd: 1.4, maxCopies: 3, concurrencyPerCopy: 4, delayPenaltyFactor: 500 },
  },
};

function burst(runs: number, knowledge = NO_KNOWLEDGE) {
  const requests = Array.from({ length: runs }, (_, i) => newRequest(CHAIN, {}, `r${i}`));
  return observe(CHAIN, requests, COLD, { knowledge, components: { m0: WARM, m1: COLD, m2: COLD } });
}

test('runs that wait for the same component start as many copies as they need, up to its most', () => {
  const copies = (runs: number) =>
    entry(EMPTY_WARM_STATE, burst(runs), MANY_COPIES, NOW_MS).actions.map(
      (action) => 'copies' in action && action.copies,
    );
  expect(copies(10)).toEqual([3, 1]);
  expect(copies(30)).toEqual([3, 1]);
  expect(copies(4)).toEqual([1, 1]);
});

test('a copy has room for as many calls as its scaling policy says now, whatever was deployed', () => {
  const copies = (targetConcurrency: number) => {
    const m1 = { ...COLD, targetConcurrency };
    const seen = { ...burst(10), components: { m0: WARM, m1, m2: COLD } };
    return entry(EMPTY_WARM_STATE, seen, MANY_COPIES, NOW_MS).actions[0];
  };
  expect([20, 5, 4].map(copies)).toMatchObject([{ copies: 1 }, { copies: 2 }, { copies: 3 }]);
});

test('runs that come later raise the copies of what is starting, in the same minute and only once', () => {
  const first = entry(EMPTY_WARM_STATE, burst(1), MANY_COPIES, NOW_MS);
  expect(first.actions.map((action) => 'copies' in action && action.copies)).toEqual([1, 1]);
  const raised = entry(first.state, burst(7), MANY_COPIES, NOW_MS + 1_000);
  expect(raised.actions).toEqual([expect.objectContaining({ type: 'warm', component: 'm1', copies: 2 })]);
  expect(raised.actions).not.toEqual([expect.objectContaining({ key: (first.actions[0] as { key: string }).key })]);
  expect(entry(raised.state, burst(8), MANY_COPIES, NOW_MS + 1_500).actions).toEqual([]);
  const all = entry(raised.state, burst(1_000), MANY_COPIES, NOW_MS + 2_000);
  expect(all.actions).toEqual([expect.objectContaining({ component: 'm1', copies: 3 })]);
  expect(entry(all.state, burst(2_000), MANY_COPIES, NOW_MS + 2_500).actions).toEqual([]);
});

test('that one component asks for more copies does not count as one more that starts', () => {
  const config = { ...MANY_COPIES, limits: { ...MANY_COPIES.limits, maxSimultaneousWarms: 2 } };
  const first = entry(EMPTY_WARM_STATE, burst(1), config, NOW_MS);
  expect(warmed(entry(first.state, burst(10), config, NOW_MS + 1_000).actions)).toEqual(['m1']);
});

test('the calls of a map count, as many as it was seen to make at once', () => {
  let knowledge = NO_KNOWLEDGE;
  for (let i = 0; i < 20; i++) {
    const mapped = { n1: { status: 'succeeded' as const, durationMs: 5_600, width: 10 } };
    knowledge = learnRun(knowledge, CHAIN, mapped, NOW_MS);
  }
  const { actions } = entry(EMPTY_WARM_STATE, burst(1, knowledge), MANY_COPIES, NOW_MS);
  expect(actions.map((action) => 'copies' in action && action.copies)).toEqual([3, 1]);
});

test('a start that is put off is asked about again when it is due, and then begins', () => {
  const graph: WarmGraph = {
    name: 'late',
    nodes: [
      { id: 'wait', needs: [], conditional: false },
      { id: 'write', needs: [0], component: 'm0', conditional: false },
    ],
  };
  let knowledge = NO_KNOWLEDGE;
  for (let i = 0; i < 1_000; i++) {
    knowledge = learnRun(knowledge, graph, { wait: { status: 'succeeded', durationMs: 2 * HOUR_MS } }, NOW_MS);
  }
  const run = { ...newRequest(graph), sinceMs: NOW_MS };
  const decide = (atMs: number, state: WarmState = EMPTY_WARM_STATE) =>
    entry(state, observe(graph, [run], COLD, { knowledge }), configOf(graph), atMs);
  const early = decide(NOW_MS);
  expect(early.actions).toEqual([]);
  expect(early.wakeAtMs).toBeGreaterThan(NOW_MS + 5 * MINUTE_MS);
  expect(early.wakeAtMs).toBeLessThan(NOW_MS + 2 * HOUR_MS);
  const later = decide(NOW_MS + 5 * MINUTE_MS, early.state);
  expect(Math.abs(later.wakeAtMs! - early.wakeAtMs!)).toBeLessThan(10_000);
  const due = decide(early.wakeAtMs!, early.state);
  expect(warmed(due.actions)).toEqual(['m0']);
  expect(due).not.toHaveProperty('wakeAtMs');
});

test('a branch that is hardly ever taken is not warmed until it is', () => {
  const graph: WarmGraph = {
    name: 'branch',
    nodes: [
      { id: 'route', needs: [], component: 'router', conditional: false },
      { id: 'deep', needs: [0], component: 'deep', conditional: true },
      { id: 'sum', needs: [1], component: 'sum', conditional: true, guard: 1 },
    ],
  };
  let knowledge = NO_KNOWLEDGE;
  for (let i = 0; i < 100; i++) {
    const skipped = { status: 'skipped' as const, durationMs: 0 };
    const route = { status: 'succeeded' as const, durationMs: 100 };
    knowledge = learnRun(knowledge, graph, { route, deep: skipped, sum: skipped }, NOW_MS);
  }
  const components = { router: WARM, deep: COLD, sum: COLD };
  const decide = (nodes: Parameters<typeof newRequest>[1]) => {
    const observation = observe(graph, [newRequest(graph, nodes)], COLD, { knowledge, components });
    return entry(EMPTY_WARM_STATE, observation, configOf(graph), NOW_MS);
  };
  const before = decide({});
  expect(warmed(before.actions)).toEqual([]);
  expect(before.declines).toEqual([
    { component: 'deep', graph: 'branch', untilMs: expect.any(Number) },
    { component: 'sum', graph: 'branch', untilMs: expect.any(Number) },
  ]);
  for (const { untilMs } of before.declines!) {
    expect(untilMs).toBeGreaterThan(NOW_MS + MINUTE_MS);
    expect(untilMs).toBeLessThanOrEqual(NOW_MS + 15 * MINUTE_MS);
  }
  const taken = { route: { status: 'ended' as const }, deep: { status: 'running' as const, sinceMs: NOW_MS } };
  const after = decide(taken);
  expect(warmed(after.actions)).toEqual(['deep', 'sum']);
  expect(after).not.toHaveProperty('declines');

  const refused = observe(graph, [{ ...newRequest(graph), refusedBy: ['deep'] }], COLD, { knowledge, components });
  expect(warmed(entry(EMPTY_WARM_STATE, refused, configOf(graph), NOW_MS).actions)).toEqual(['deep', 'sum']);
});

test.each([
  { limits: { maxSimultaneousWarms: 2 }, starts: ['m0', 'm1'], why: 'm2: not warmed: 2 components are starting' },
  {
    limits: { hourlyBudgetUsd: 2 },
    starts: ['m0', 'm1'],
    why: /m2: not warmed: 0\.\d+ USD needed, 0\.2\d+ USD of/,
  },
])('a limit of $limits stops what exceeds it', ({ limits, starts, why }) => {
  const observation = observe(CHAIN, [newRequest(CHAIN)]);
  const { actions, reasons, declines } = entry(EMPTY_WARM_STATE, observation, configOf(CHAIN, limits), NOW_MS);
  expect(warmed(actions)).toEqual(starts);
  expect(reasons.at(-1)).toMatch(why);
  expect(declines).toEqual([{ component: 'm2', graph: CHAIN.name, untilMs: NOW_MS + MINUTE_MS }]);
});

test('what hardly ever helped is switched off', () => {
  const config = configOf(CHAIN);
  let state: WarmState = EMPTY_WARM_STATE;
  const starts: WarmAction[] = [];
  for (let hour = 0; hour < 40; hour++) {
    const request = newRequest(CHAIN, {}, `r${hour}`);
    const decision = entry(state, observe(CHAIN, [request]), config, NOW_MS + hour * HOUR_MS);
    starts.push(...decision.actions);
    state = decision.state;
  }
  expect(starts.length).toBeLessThanOrEqual(3 * 30);
  const { reasons } = entry(state, observe(CHAIN, [newRequest(CHAIN)]), config, NOW_MS + 40 * HOUR_MS);
  expect(reasons[0]).toMatch(/^m0: not warmed: warming is off: 0\.0 of the last \d+\.\d warm-ups were called$/);
});

test('all that decide the same in the same minute use the same key', () => {
  const keysAt = (nowMs: number) =>
    entry(EMPTY_WARM_STATE, observe(CHAIN, [newRequest(CHAIN)]), configOf(CHAIN), nowMs).actions.map(
      (action) => 'key' in action && action.key,
    );
  expect(keysAt(NOW_MS)).toEqual(keysAt(NOW_MS + MINUTE_MS - 1));
  expect(keysAt(NOW_MS)).not.toEqual(keysAt(NOW_MS + MINUTE_MS));
});

test('after a call a component is held, and prolonged before that ends', () => {
  const observation = observe(CHAIN, [], { ...WARM, lastCallMs: NOW_MS });
  const first = keepAlive(EMPTY_WARM_STATE, observation, configOf(CHAIN), NOW_MS);
  expect(first.actions.map(({ type }) => type)).toEqual(['hold', 'hold', 'hold']);
  expect(first.actions[0]).toMatchObject({ component: 'm0', copies: 1, untilMs: NOW_MS + 15 * MINUTE_MS });
  const soon = keepAlive(first.state, observation, configOf(CHAIN), NOW_MS + 5 * MINUTE_MS);
  expect(soon.actions).toEqual([]);
  const later = keepAlive(soon.state, observation, configOf(CHAIN), NOW_MS + 10 * MINUTE_MS);
  expect(later.actions[0]).toMatchObject({ type: 'hold', untilMs: NOW_MS + 25 * MINUTE_MS });
});

test('a component of a periodic job is back before the next run, and let go after it', () => {
  const knowledge = manyIdleTimes('m0', 24 * HOUR_MS);
  const cold = { ...COLD, lastCallMs: NOW_MS };
  const at = (hours: number, state: WarmState, given: ComponentStatus) =>
    keepAlive(state, observe(chainOf(1), [], given, { knowledge }), configOf(chainOf(1)), NOW_MS + hours * HOUR_MS);
  expect(at(10, EMPTY_WARM_STATE, cold).actions).toEqual([]);
  const back = at(23.5, EMPTY_WARM_STATE, cold);
  expect(warmed(back.actions)).toEqual(['m0']);
  const done = at(23.8, back.state, { ...WARM, lastCallMs: NOW_MS + 23.8 * HOUR_MS - 1_000 });
  expect(done.actions.map(({ type }) => type)).toEqual(['release']);
});

test('a component of a periodic job is asked about again when it has to be started', () => {
  const knowledge = manyIdleTimes('m0', 24 * HOUR_MS);
  const observation = observe(chainOf(1), [], { ...COLD, lastCallMs: NOW_MS }, { knowledge });
  const early = keepAlive(EMPTY_WARM_STATE, observation, configOf(chainOf(1)), NOW_MS + HOUR_MS);
  expect(early.actions).toEqual([]);
  expect(warmed(keepAlive(early.state, observation, configOf(chainOf(1)), early.wakeAtMs! - 1_000).actions)).toEqual(
    [],
  );
  expect(warmed(keepAlive(early.state, observation, configOf(chainOf(1)), early.wakeAtMs!).actions)).toEqual(['m0']);
});

test('started on entry and kept after its call, a component has it both ways', () => {
  const one = chainOf(1);
  const started = entryKeepAlive(EMPTY_WARM_STATE, observe(one, [newRequest(one)]), configOf(one), NOW_MS);
  expect(warmed(started.actions)).toEqual(['m0']);
  const called = observe(one, [], { ...WARM, lastCallMs: NOW_MS + 14 * MINUTE_MS });
  const kept = entryKeepAlive(started.state, called, configOf(one), NOW_MS + 15 * MINUTE_MS);
  expect(kept.actions).toEqual([
    expect.objectContaining({ type: 'hold', copies: 1, untilMs: NOW_MS + 30 * MINUTE_MS }),
  ]);
});

test('of the copies that a burst started one is kept when its calls have ended', () => {
  const started = entryKeepAlive(EMPTY_WARM_STATE, burst(10), MANY_COPIES, NOW_MS);
  const at = (callsInFlight: number) => {
    const served = { ...WARM, copies: 3, callsInFlight, lastCallMs: NOW_MS + 12 * MINUTE_MS };
    const { actions } = entryKeepAlive(started.state, observe(CHAIN, [], served), MANY_COPIES, NOW_MS + 13 * MINUTE_MS);
    return actions.flatMap((action) => (action.component === 'm1' && 'copies' in action ? [action.copies] : []));
  };
  expect(at(2)).toEqual([3]);
  expect(at(0)).toEqual([1]);
});

test('a floor is kept only while a call is likely enough to pay for it', () => {
  const one = chainOf(1);
  const knowledge = manyIdleTimes('m0', MINUTE_MS, 'm0', 3 * HOUR_MS);
  const atIdle = (idleMs: number, delayPenaltyFactor: number) => {
    const observation = observe(
      one,
      [],
      { ...WARM, lastCallMs: NOW_MS - idleMs },
      { knowledge, floorCopies: { m0: 1 } },
    );
    const config = { ...configOf(one), components: { m0: { pricePerHourUsd: 1.4, delayPenaltyFactor } } };
    return entryForecast(EMPTY_WARM_STATE, observation, config, NOW_MS);
  };
  expect(atIdle(HOUR_MS, 5).reasons[0]).toMatch(
    /^m0: floor not kept: a forecast asks for 1 copies; entry would leave a wait of \d+\.\d s with probability 0\.00: /,
  );
  expect(atIdle(2.9 * HOUR_MS, 5).actions).toEqual([expect.objectContaining({ type: 'hold' })]);
  expect(atIdle(2.9 * HOUR_MS, 0.1).actions).toEqual([]);
});

test('a floor is kept: warmed if copies are missing, held if they are there', () => {
  const observation = observe(CHAIN, [], COLD, {
    components: { m0: COLD, m1: WARM, m2: { ...WARM, copies: 2 } },
    floorCopies: { m0: 2, m1: 2, m2: 2 },
  });
  const { actions } = entryForecast(EMPTY_WARM_STATE, observation, configOf(CHAIN), NOW_MS);
  expect(actions).toEqual([
    expect.objectContaining({ type: 'hold', component: 'm2', copies: 2 }),
    expect.objectContaining({ type: 'warm', component: 'm0', copies: 2 }),
    expect.objectContaining({ type: 'warm', component: 'm1', copies: 2 }),
  ]);
});

test('when money is short the root keeps its floor', () => {
  const floorCopies = Object.fromEntries(componentsOf(CHAIN).map((name) => [name, 1]));
  const reversed = Object.fromEntries(Object.entries(floorCopies).reverse());
  const observation = observe(CHAIN, [], COLD, { floorCopies: reversed });
  const { actions } = entryForecast(EMPTY_WARM_STATE, observation, configOf(CHAIN, { hourlyBudgetUsd: 1 }), NOW_MS);
  expect(warmed(actions)).toEqual(['m0']);
});

test('a warm-up that was called counts once, whenever it is let go', () => {
  const one = chainOf(1);
  const knowledge = manyIdleTimes('m0', 10_000);
  const config = configOf(one);
  const started = entry(EMPTY_WARM_STATE, observe(one, [newRequest(one)], COLD, { knowledge }), config, NOW_MS);
  const called = { ...WARM, lastCallMs: NOW_MS + 5 * MINUTE_MS };
  const at = (minutes: number, state: WarmState) =>
    entry(state, observe(one, [], called, { knowledge }), config, NOW_MS + minutes * MINUTE_MS);
  const used = at(5, started.state);
  expect(used.state.precision).toMatchObject({ used: 1, wasted: 0 });
  const released = at(6, used.state);
  expect(released.actions).toEqual([expect.objectContaining({ type: 'release', component: 'm0' })]);
  expect(released.state.precision).toMatchObject({ used: 1, wasted: 0 });
});

test('a component that is held but lost its copies is started again', () => {
  const one = chainOf(1);
  const held = keepAlive(EMPTY_WARM_STATE, observe(one, [], { ...WARM, lastCallMs: NOW_MS }), configOf(one), NOW_MS);
  const lost = entry(held.state, observe(one, [newRequest(one)]), configOf(one), NOW_MS + 2 * MINUTE_MS);
  expect(warmed(lost.actions)).toEqual(['m0']);
});

function manyIdleTimes(...pairs: (string | number)[]): WarmKnowledge {
  let knowledge = NO_KNOWLEDGE;
  for (let i = 0; i < pairs.length; i += 2) {
    for (let n = 0; n < 50; n++) {
      knowledge = learnIdleTime(knowledge, String(pairs[i]), Number(pairs[i + 1]), NOW_MS);
    }
  }
  return knowledge;
}
