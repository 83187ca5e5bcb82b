import {
  callersOf,
  type TunedComponent,
  type TunerDeployment,
  tunedGroups,
} from '../../../core/scale/tuner-deployment';
import { tunerDeploymentFaults } from '../../../core/scale/tuner-deployment-faults';

const component = (inferenceComponentName: string): TunedComponent => ({
  inferenceComponentName,
  policyName: `${inferenceComponentName}-concurrency`,
  minCopies: 0,
  maxCopies: 4,
  minTarget: 1,
  maxTarget: 32,
  pricePerCopyHourUsd: 1.5,
});

const agent = (...called: readonly string[]) => ({
  functionName: 'fn',
  objectiveMs: 8000,
  nodes: called.map((name, i) => ({
    id: `n${i}`,
    component: name,
    needs: i === 0 ? [] : [{ node: `n${i - 1}`, probability: 1 }],
    join: 'all' as const,
    width: 1,
    repeat: 0,
  })),
});

const deployment: TunerDeployment = {
  mode: 'act',
  table: 'ledger',
  agents: { support: agent('planner', 'writer', 'writer'), sales: agent('writer'), legal: agent('reader', 'search') },
  components: { planner: component('planner-ic'), writer: component('writer-ic'), reader: component('reader-ic') },
};

const faults = (value: unknown) => [...tunerDeploymentFaults(value)];
const withWriter = (more: object) => ({
  ...deployment,
  components: { ...deployment.components, writer: { ...deployment.components.writer, ...more } },
});

test('a sound configuration has no faults, also after it was JSON', () => {
  expect(faults(deployment)).toEqual([]);
  expect(faults(JSON.parse(JSON.stringify(deployment)))).toEqual([]);
});

test.each([
  [undefined, 'tuner must be an object'],
  [{ ...deployment, mode: 'on' }, 'tuner.mode must be one of act, dry-run, off, got: "on"'],
  [{ ...deployment, table: '' }, 'tuner.table must be a string'],
  [{ ...deployment, ledgerDays: 0 }, 'tuner.ledgerDays must be a positive number, got: 0'],
  [{ ...deployment, mechanisms: { targets: 1 } }, 'tuner.mechanisms.targets must be true or false, got: 1'],
  [
    { ...deployment, mechanisms: { floors: true } },
    'tuner.mechanisms.floors is none of targets, forecastFloor, burstGuard, shortWindows',
  ],
  [{ ...deployment, agents: { a: { ...agent('writer'), nodes: 1 } } }, 'tuner.agents.a.nodes must be a list, got: 1'],
  [withWriter({ minCopies: -1 }), 'tuner.components.writer.minCopies must be a whole number from 0, got: -1'],
  [
    withWriter({ deployed: { target: 8, scaleOutCooldownSeconds: -1, scaleInCooldownSeconds: 300 } }),
    'tuner.components.writer.deployed.scaleOutCooldownSeconds must be a number from 0, got: -1',
  ],
  [withWriter({ minTarget: 0.5 }), 'tuner.components.writer.minTarget must be a number from 1, got: 0.5'],
  [withWriter({ maxTarget: Number.NaN }), 'tuner.components.writer.maxTarget must be a number from 1, got: NaN'],
  [withWriter({ minCopies: 5 }), 'tuner.components.writer.maxCopies must be at least minCopies (5), got: 4'],
  [
    withWriter({ maxTarget: 1, minTarget: 2 }),
    'tuner.components.writer.maxTarget must be at least minTarget (2), got: 1',
  ],
  [
    withWriter({ inferenceComponentName: 'planner-ic' }),
    'tuner.components.writer.inferenceComponentName is that of planner: planner-ic',
  ],
  [
    { ...deployment, components: { ...deployment.components, ranker: component('ranker-ic') } },
    'tuner.components.ranker is called by no node of support, sales, legal: its latency is not measured',
  ],
  [
    { ...deployment, components: { ...deployment.components, '@tick': component('tick-ic') } },
    'tuner.components.@tick: names must not begin with @',
  ],
])('%j is refused', (value, fault) => {
  expect(faults(value)).toContain(fault);
});

test('a graph that is none is refused with the node', () => {
  const nodes = [{ ...agent('writer').nodes[0]!, needs: [{ node: 'nobody', probability: 1 }] }];
  const [fault] = faults({ ...deployment, agents: { ...deployment.agents, sales: { ...agent('writer'), nodes } } });
  expect(fault).toBe("tuner.agents.sales.nodes: node 'n0' needs 'nobody', which is not defined before it");
});

test('agents that share a component are tuned together, others apart', () => {
  expect(tunedGroups(deployment)).toEqual([
    { agents: ['support', 'sales'], components: ['planner', 'writer'] },
    { agents: ['legal'], components: ['reader'] },
  ]);
});

test('an agent joins all groups that it shares a component with', () => {
  const all = { ...deployment, agents: { ...deployment.agents, all: agent('planner', 'reader') } };
  expect(tunedGroups(all)).toEqual([
    { agents: ['support', 'sales', 'legal', 'all'], components: ['planner', 'writer', 'reader'] },
  ]);
});

const part = (calls: string, plan = 'n0') => ({
  ...agent(calls).nodes[0]!,
  id: `${plan}:${calls}`,
  needs: [{ node: plan, probability: 1 }],
  part: { plan, calls },
});

test('what a plan calls is measured by the node of the plan and the name that the graph has for it', () => {
  const { component: _, ...plan } = agent('none').nodes[0]!;
  const planned = { ...agent(), nodes: [plan, part('planner'), { ...part('poet'), component: 'writer' }] };
  const deployed = { ...deployment, agents: { planned } };
  expect(faults({ ...deployment, agents: { ...deployment.agents, planned } })).toEqual([]);
  expect(callersOf(deployed, 'writer')).toEqual([
    { agent: 'planned', functionName: 'fn', node: 'n0', component: 'poet' },
  ]);
});

test('a part comes after its plan', () => {
  const orphan = { ...part('writer', 'n1'), needs: [] };
  const sales = { ...agent(), nodes: [orphan] };
  expect(faults({ ...deployment, agents: { ...deployment.agents, sales } })).toEqual([
    "tuner.agents.sales.nodes: node 'n1:writer' is a part of 'n1', which is not defined before it",
  ]);
  const nameless = { ...agent(), nodes: [{ ...orphan, part: { plan: 'n1' } }] };
  expect(faults({ ...deployment, agents: { ...deployment.agents, sales: nameless } })).toEqual([
    'tuner.agents.sales.nodes[0].part.calls must be a string',
  ]);
});

test('every node that calls a component is one of its callers', () => {
  expect(callersOf(deployment, 'writer')).toEqual([
    { agent: 'support', functionName: 'fn', node: 'n1' },
    { agent: 'support', functionName: 'fn', node: 'n2' },
    { agent: 'sales', functionName: 'fn', node: 'n0' },
  ]);
});
