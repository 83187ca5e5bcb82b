import { planAgent } from '../../../sim/agent/agent-plan';
import { playAlone } from '../../../sim/experiment/play-alone';
import { simulate } from '../../../sim/experiment/simulate';
import { synthesize } from '../../../sim/workload/synthesize';
import { tiny } from './tiny-scenario';

const requests = synthesize(tiny.workload, 1);
const components = Object.keys(tiny.world.components);
const plan = planAgent(tiny.agent, components, { isSequential: false });
const context = { plan, components, worldModel: tiny.world, requests, seed: 1 };

test('a request takes as long as in a world of endless copies, to the microseconds that the world rounds up', () => {
  const played = playAlone(context, () => {});
  const { log } = simulate({
    ...{ scenario: tiny, world: tiny.world, requests, seed: 1, scoreFromUs: 0 },
    fixedCopies: { planner: 200, writer: 200 },
  });
  expect(requests.count).toBeGreaterThan(500);
  for (const [request, latencyUs] of log.latencyUs.entries()) {
    expect(latencyUs - played[request]!).toBeGreaterThan(-1);
    expect(latencyUs - played[request]!).toBeLessThan(20);
  }
});

test('calls are told by component and request, from the given one on', () => {
  const calls: [component: string, request: number][] = [];
  const latencyUs = playAlone(
    context,
    (component, _, __, request) => calls.push([components[component]!, request]),
    requests.count - 2,
  );
  expect(latencyUs).toHaveLength(2);
  expect(calls).toEqual(
    [requests.count - 2, requests.count - 1].flatMap((request) => [
      ['planner', request],
      ['writer', request],
    ]),
  );
});

test('of a tool that is hedged nothing is known but that it takes no less than no time', () => {
  const nodes = tiny.agent.nodes.map((node) => (node.id === 'facts' ? { ...node, hedge: { afterMs: 10 } } : node));
  const hedged = planAgent({ ...tiny.agent, nodes }, components, { isSequential: false });
  const [first] = playAlone(context, () => {});
  const [bound] = playAlone({ ...context, plan: hedged }, () => {});
  expect(first! - bound!).toBeCloseTo(150_000, 3);
});
