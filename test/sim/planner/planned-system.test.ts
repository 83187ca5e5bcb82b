import type { GraphDescription } from '../../../core/graph';
import type { PlanFile } from '../../../sim/planner/plan-file';
import { planSystem } from '../../../sim/planner/planned-system';
import { llama70bOn8A100 } from '../../../sim/profiles/library';
import { AN_8B } from './support';

const component = (name: string, kind: 'model' | 'tool') =>
  ({ name, kind, format: 'json', input: {}, output: {} }) as const;

const GRAPH: GraphDescription = {
  name: 'agent',
  input: {},
  output: {},
  timeout: { totalMs: 30_000 },
  retry: { attempts: 2 },
  nodes: [
    { id: 'find', kind: 'map', needs: [], component: 'search', concurrency: 4 },
    { id: 'sort', kind: 'compute', needs: ['find'] },
    { id: 'answer', kind: 'call', needs: ['sort'], component: 'writer', conditional: true },
  ],
  outputNeeds: ['answer'],
  components: [component('search', 'tool'), component('writer', 'model')],
};

const RUNS_ON = [{ accelerator: 'L4', accelerators: 2, cpuCores: 8, memoryMiB: 16_384, profile: 'mine' }];

const plan = (file: PlanFile) => planSystem(GRAPH, file, new Map([['mine', { copy: AN_8B.copy }]]), { p95Ms: 1000 });

test('what the plan file leaves open is assumed, and said', () => {
  const { system, assumptions } = plan({ components: { writer: { runsOn: RUNS_ON } } });
  expect(system.agent).toEqual({
    timeoutMs: 30_000,
    retry: { attempts: 2 },
    nodes: [
      { id: 'find', needs: [], component: 'search', items: 3, concurrency: 4 },
      { id: 'sort', needs: ['find'] },
      { id: 'answer', needs: ['sort'], component: 'writer', probability: 0.5 },
    ],
  });
  expect(system.hosted[0]!.variants).toEqual([
    { accelerator: 'L4', needs: { accelerators: 2, vcpus: 8, memoryMiB: 16_384 }, copy: AN_8B.copy },
  ]);
  expect(assumptions).toEqual([
    'node find has 3 items: plan.nodes.find.items says better',
    'node answer runs in half of the runs: plan.nodes.answer.probability says better',
    'node answer takes the promptTokens and outputTokens of the request: plan.nodes.answer says better',
    'search takes 120 ms (P95 400 ms): plan.components.search.durationMs says better',
    'a copy of writer starts in 155 s, as one of 8B: plan.components.writer.coldStartSeconds says better',
  ]);
});

test('a plan counts as the call of its planner, which is said', () => {
  const research = { id: 'research', kind: 'plan', needs: [], component: 'writer', tools: ['search', 'sum'] } as const;
  const graph = { ...GRAPH, nodes: [research], outputNeeds: ['research'] };
  const file = { components: { writer: { runsOn: RUNS_ON } } };
  const { assumptions } = planSystem(graph, file, new Map([['mine', { copy: AN_8B.copy }]]), { p95Ms: 1000 });
  expect(assumptions.join()).not.toContain('search takes 120');
  expect(assumptions).toContain(
    'node research calls its planner only: what tasks call of search, sum is not counted, because each run has others',
  );
});

test('a plan file that says all leaves nothing to assume', () => {
  const { system, assumptions } = plan({
    components: {
      writer: { runsOn: RUNS_ON, coldStartSeconds: 310 },
      search: { durationMs: 7, pricePerCallUsd: 1e-6 },
    },
    nodes: { find: { items: 2 }, answer: { probability: 1, promptTokens: 10, outputTokens: 20 } },
  });
  expect(assumptions).toEqual([]);
  expect(system.agent.nodes[2]).toMatchObject({ probability: 1, promptTokens: 10, outputTokens: 20 });
  expect(system.services).toEqual({ search: { kind: 'tool', durationMs: 7, pricePerCallUsd: 1e-6 } });
  const { 'image-pull': _image, ...stages } = system.hosted[0]!.coldStart.stageSeconds;
  expect(Object.values(stages).reduce((sum, seconds) => sum + seconds, 0)).toBeCloseTo(310);
});

test('a model that is left out, and names that the graph does not have, are named together', () => {
  const file = { components: { wirter: { runsOn: RUNS_ON } }, nodes: { anwser: {} } };
  expect(() => plan(file)).toThrow(
    /^plan\.components\.wirter is none of what agent calls: search, writer\nplan\.nodes\.anwser is no node of agent: find, sort, answer\nplan\.components\.writer is missing, a model of agent: give it runsOn with a profile/,
  );
});

test('there must be a model to plan for', () => {
  expect(() => plan({ components: { writer: { durationMs: 800 } } })).toThrow(
    'plan.components has no model with runsOn: there is no fleet to plan',
  );
});

test('a profile is not used on accelerators that it was not measured on', () => {
  const runsOn = [{ ...RUNS_ON[0]!, accelerator: 'A100-40GB', accelerators: 8, profile: llama70bOn8A100.name }];
  const profiles = new Map([[llama70bOn8A100.name, llama70bOn8A100]]);
  const planOn = (accelerator: string, accelerators: number) => () =>
    planSystem(
      GRAPH,
      { components: { writer: { runsOn: [{ ...runsOn[0]!, accelerator, accelerators }] } } },
      profiles,
      { p95Ms: 1000 },
    );
  expect(planOn('A100-40GB', 8)).toThrow(
    'plan.components.writer.runsOn[0].profile llama-2-70b-8x-a100 was measured on 8 A100-80GB, not on 8 A100-40GB: measure a copy there',
  );
  expect(planOn('A100-80GB', 4)).toThrow('was measured on 8 A100-80GB, not on 4 A100-80GB');
  expect(planOn('A100-80GB', 8)).not.toThrow();
});
