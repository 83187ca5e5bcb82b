import * as fc from 'fast-check';
import type { AgentModel, AgentNode } from '../../../sim/agent/agent-model';
import type { NodeTimes } from '../../../sim/agent/agent-run';
import type { RunLog } from '../../../sim/agent/run-log';
import { type Call, requestsEvery, runAgent } from './support';

/** Graphs of up to seven nodes: branches, maps with and without a limit, and pure functions. */
const agents = fc
  .array(
    fc.record({
      needs: fc.array(fc.nat(6), { maxLength: 3 }),
      component: fc.constantFrom('model', 'search', undefined),
      probability: fc.constantFrom(1, 1, 0.5),
      items: fc.constantFrom(undefined, 3, { quantiles: [[0, 0] as const, [1, 5] as const] }),
      concurrency: fc.constantFrom(undefined, 1, 2),
    }),
    { minLength: 1, maxLength: 7 },
  )
  .map((nodes): AgentModel => {
    const named = nodes.map(({ needs, component, probability, items, concurrency }, at): AgentNode => {
      const before = at === 0 ? [] : [...new Set(needs.map((need) => `n${need % at}`))];
      return {
        id: `n${at}`,
        needs: before,
        probability,
        ...(component && { component }),
        ...(items !== undefined && { items }),
        ...(concurrency && { concurrency }),
      };
    });
    return { timeoutMs: 60_000, nodes: named };
  });

const sumOfParts = (log: RunLog, at: number) =>
  log.queueUs[at]! + log.serviceUs[at]! + log.coldUs[at]! + log.retryUs[at]! + log.orchestrationUs[at]!;

const keyOf = ({ component, key }: Call) => `${component} ${key}`;
const workByKey = (tries: readonly Call[]) =>
  tries.map((call) => `${keyOf(call)} ${call.promptTokens} ${call.outputTokens}`).toSorted();

const single = (node: Partial<AgentNode> = {}, more: Partial<AgentModel> = {}): AgentModel => ({
  timeoutMs: 60_000,
  nodes: [{ id: 'answer', needs: [], component: 'model', ...node }],
  ...more,
});

test('a node starts the moment the last node it needs has ended, and the run ends with its last node', () => {
  fc.assert(
    fc.property(agents, (agent) => {
      const ended: [times: readonly NodeTimes[], startedAtUs: number, latencyUs: number][] = [];
      const onRunEnd = (
        { times, startedAtUs }: { times: readonly NodeTimes[]; startedAtUs: number },
        latencyUs: number,
      ) => {
        ended.push([times, startedAtUs, latencyUs]);
      };
      const { requests, plan } = runAgent(agent, { observer: () => ({ onRunEnd }) });
      expect(ended).toHaveLength(requests.count);
      for (const [times, startedAtUs, latencyUs] of ended) {
        agent.nodes.forEach(({ needs }, at) => {
          const ends = needs.map((need) => times[agent.nodes.findIndex(({ id }) => id === need)]!.endUs);
          expect(times[at]!.startUs).toBe(Math.max(startedAtUs + plan.runUs, ...ends));
          expect(times[at]!.endUs).toBeGreaterThanOrEqual(times[at]!.startUs);
        });
        expect(latencyUs).toBe(Math.max(...times.map(({ endUs }) => endUs)) - startedAtUs);
      }
    }),
    { numRuns: 30 },
  );
});

test('the parts of a latency add up to it, to the microsecond, also with refusals on the way', () => {
  const outcomes = fc.record({ agent: agents, coldUntilUs: fc.nat(400_000), throttledShare: fc.constantFrom(0, 0.3) });
  fc.assert(
    fc.property(outcomes, ({ agent, coldUntilUs, throttledShare }) => {
      const { log, requests } = runAgent(agent, {
        answer: ({ component, key, atUs }) => {
          if (component === 'search' && atUs < coldUntilUs) return 'no-capacity';
          // Another time, another draw.
          return (key * 1000 + atUs / 77_777) % 1 < throttledShare ? 'throttled' : 1 + Math.floor(key * 90_000);
        },
      });
      for (let at = 0; at < requests.count; at++) {
        const latencyUs = log.latencyUs[at]!;
        if (latencyUs < Infinity) expect(sumOfParts(log, at)).toBe(latencyUs);
      }
    }),
    { numRuns: 30 },
  );
});

test('without load, one after another is never faster than in parallel, and makes the same calls', () => {
  fc.assert(
    fc.property(agents, fc.nat(100), (agent, seed) => {
      const parallel = runAgent(agent, { seed });
      const sequential = runAgent(agent, { seed, isSequential: true });
      expect(workByKey(sequential.tries)).toEqual(workByKey(parallel.tries));
      parallel.log.latencyUs.forEach((latencyUs, at) => {
        expect(sequential.log.latencyUs[at]).toBeGreaterThanOrEqual(latencyUs);
      });
    }),
    { numRuns: 30 },
  );
});

test('the same request has the same work, whatever its calls meet', () => {
  fc.assert(
    fc.property(agents, (agent) => {
      const smooth = runAgent(agent);
      const refusedOnce = new Set<string>();
      const rough = runAgent(agent, {
        answer: (call) => {
          if (refusedOnce.has(keyOf(call))) return 5;
          refusedOnce.add(keyOf(call));
          return call.key < 0.5 ? 'throttled' : 'no-capacity';
        },
      });
      expect(rough.tries).toHaveLength(2 * smooth.tries.length);
      expect([...new Set(workByKey(rough.tries))]).toEqual(workByKey(smooth.tries));
    }),
    { numRuns: 20 },
  );
});

test('another seed draws other work', () => {
  const agent = single({ outputTokens: { lognormal: { p50: 100, p95: 300 } } });
  const tokens = (seed: number) => runAgent(agent, { seed }).tries.map(({ outputTokens }) => outputTokens);
  expect(tokens(1)).toEqual(tokens(1));
  expect(tokens(1)).not.toEqual(tokens(2));
});

test('a branch is taken by as many requests as it says', () => {
  const { tries } = runAgent(single({ probability: 0.3 }), { requests: requestsEvery(10_000, 2000) });
  expect(Math.abs(tries.length / 2000 - 0.3)).toBeLessThan(0.03);
});

test('a map has no more calls in flight than its limit, and uses it', () => {
  const requests = requestsEvery(1e6, 1);
  const peak = (concurrency?: number, isSequential = false) =>
    runAgent(single({ items: 10, ...(concurrency && { concurrency }) }), { requests, isSequential }).load.peak;
  expect([peak(), peak(1), peak(3), peak(20), peak(3, true)]).toEqual([10, 1, 3, 10, 1]);
});

test('at its deadline a run fails, to the microsecond, and its calls give their places back', () => {
  const failedAfterUs: number[] = [];
  const { log, load, requests } = runAgent(single({ items: 2 }, { timeoutMs: 1234 }), {
    requests: requestsEvery(400_000, 5),
    // The third request's calls are answered.
    answer: ({ promptTokens }) => (promptTokens === 102 ? 1000 : Infinity),
    observer: (timeline) => ({
      onRunEnd: ({ startedAtUs }, latencyUs) => {
        if (latencyUs === Infinity) failedAfterUs.push(timeline.nowUs - startedAtUs);
      },
    }),
  });
  expect(failedAfterUs).toEqual([1_234_000, 1_234_000, 1_234_000, 1_234_000]);
  expect(load).toMatchObject({ open: 0, cancelled: 8 });
  expect([...log.latencyUs].map((latencyUs) => latencyUs === Infinity)).toEqual([true, true, false, true, true]);
  expect(requests.count).toBe(5);
});

test('a throttled call is tried again, as often as its policy says, and the waits are told', () => {
  const retry = { attempts: 3, baseMs: 100, capMs: 5000 };
  const throttledTimes = (times: number) => {
    let tries = 0;
    const requests = requestsEvery(1e6, 1);
    const answer = () => (tries++ < times ? ('throttled' as const) : 1000);
    return runAgent(single({}, { retry }), { requests, answer });
  };
  const twice = throttledTimes(2);
  expect(twice.tries).toHaveLength(3);
  const [first, second, third] = twice.tries.map(({ atUs }) => atUs);
  // Full jitter: up to 100 ms, then up to 200 ms.
  expect(second! - first!).toBeLessThanOrEqual(100_000);
  expect(third! - second!).toBeLessThanOrEqual(200_000);
  expect(twice.log.retryUs[0]).toBe(third! - first!);

  const failed = throttledTimes(3);
  expect([failed.tries.length, failed.log.latencyUs[0]]).toEqual([3, Infinity]);
});

test('a call waits for a copy, and finds it soon after it is there', () => {
  const readyUs = 20e6;
  const { log, tries } = runAgent(single(), {
    requests: requestsEvery(1e6, 1),
    answer: ({ atUs }) => (atUs < readyUs ? 'no-capacity' : 1000),
  });
  const foundUs = tries.at(-1)!.atUs;
  expect(foundUs).toBeLessThan(1.25 * readyUs);
  expect(log.coldUs[0]).toBe(foundUs - tries[0]!.atUs);
  expect(log.depth[0]).toBe(1);
});

test('cold components one after another are counted, those side by side once', () => {
  const cold = (isChain: boolean) => {
    const nodes = ['a', 'b', 'c'].map(
      (id, at, all): AgentNode => ({ id, component: id, needs: isChain && at > 0 ? [all[at - 1]!] : [] }),
    );
    const calledAtUs = new Map<string, number>();
    const { log } = runAgent(
      { timeoutMs: 60_000, nodes },
      {
        requests: requestsEvery(1e6, 1),
        answer: ({ component, atUs }) => {
          const firstUs = calledAtUs.get(component) ?? atUs;
          calledAtUs.set(component, firstUs);
          return atUs < firstUs + 5e6 ? 'no-capacity' : 1000;
        },
      },
    );
    return { depth: log.depth[0]!, coldUs: log.coldUs[0]! };
  };
  expect([cold(false).depth, cold(true).depth]).toEqual([1, 3]);
  expect(cold(false).coldUs).toBeLessThan(7e6);
  expect(cold(true).coldUs).toBeGreaterThanOrEqual(15e6);
});

test('two lives are the same to the last bit', () => {
  fc.assert(
    fc.property(agents, fc.nat(1000), (agent, seed) => {
      expect(runAgent(agent, { seed }).log).toEqual(runAgent(agent, { seed }).log);
    }),
    { numRuns: 20 },
  );
});

test.each([
  [single({ needs: ['plan'] }), 'node answer needs plan, which must be a node before it'],
  [single({ needs: ['answer'] }), 'node answer needs answer, which must be a node before it'],
])('a graph that cannot be run is refused', (agent, message) => {
  expect(() => runAgent(agent)).toThrow(message);
});
