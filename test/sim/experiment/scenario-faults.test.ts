import { scenarioFaults } from '../../../sim/experiment/scenario-faults';
import { SCENARIOS } from '../../../sim/scenarios';
import { tiny } from './tiny-scenario';

/** Something to break: a deep copy, as it would come from a file. */
const copy = () => JSON.parse(JSON.stringify(tiny));

const node = (id: string, rest: object = {}) => ({ id, needs: [], component: 'writer', ...rest });

test('finds nothing wrong with the scenarios that come with the package, nor with the tiny one', () => {
  for (const scenario of [...Object.values(SCENARIOS), tiny]) {
    expect([...scenarioFaults(JSON.parse(JSON.stringify(scenario)))]).toEqual([]);
  }
});

test.each<[what: string, change: (scenario: any) => void, fault: string]>([
  [
    'unknown field',
    (s) => (s.seeds = 3),
    'scenario.seeds is none of name, description, objective, trainingDays, agent',
  ],
  ['missing field', (s) => delete s.objective, 'scenario.objective must be an object, got: undefined'],
  ['empty name', (s) => (s.name = ''), 'scenario.name must be a text, got: ""'],
  ['objective of 0', (s) => (s.objective.p95Ms = 0), 'scenario.objective.p95Ms must be a number above 0, got: 0'],
  [
    'a metric many times a second',
    (s) => (s.world.components.writer.scaling.rule.periodSeconds = 1e-9),
    'scenario.world.components.writer.scaling.rule.periodSeconds must be a number from 1, got: 1e-9',
  ],
  [
    'no time between the looks at empty instances',
    (s) => (s.world.fleets.gpu.scaleIn.cooldownMinutes = 0),
    'scenario.world.fleets.gpu.scaleIn.cooldownMinutes must be a number from 1, got: 0',
  ],
  [
    'an action between two seconds',
    (s) => (s.world.components.writer.scaling.schedule = [{ atSeconds: 0.1, minCopies: 1 }]),
    'scenario.world.components.writer.scaling.schedule[0].atSeconds must be a whole number from 0 to 86399, got: 0.1',
  ],
  [
    'an action between two days',
    (s) => (s.world.components.writer.scaling.schedule = [{ dayOfWeek: 1.5, atSeconds: 0, minCopies: 1 }]),
    'scenario.world.components.writer.scaling.schedule[0].dayOfWeek must be a whole number from 0 to 6, got: 1.5',
  ],
  ['no nodes', (s) => (s.agent.nodes = []), 'scenario.agent.nodes must be a list with at least one entry'],
  [
    'needs no list',
    (s) => (s.agent.nodes[0].needs = 'plan'),
    'scenario.agent.nodes[0].needs must be a list, got: "plan"',
  ],
  [
    'a need that is no text',
    (s) => (s.agent.nodes[1].needs = [1]),
    'scenario.agent.nodes[1].needs[0] must be a text, got: 1',
  ],
  ['a probability of 2', (s) => (s.agent.nodes[1].probability = 2), 'probability must be a number from 0 to 1, got: 2'],
  [
    'a share of a client above 1',
    (s) => (s.agent.nodes[1].probability = { asia: 2 }),
    'scenario.agent.nodes[1].probability.asia must be a number from 0 to 1, got: 2',
  ],
  [
    'a share of a client where none has a name',
    (s) => (s.agent.nodes[1].probability = { asia: 1 }),
    'scenario.agent.nodes.facts.probability names asia, which is no name of a client: workload.clients have none',
  ],
  [
    'a share of nobody',
    (s) => {
      s.workload.clients = [{ name: 'europe', cv: 1 }];
      s.agent.nodes[1].probability = { asia: 1 };
    },
    'scenario.agent.nodes.facts.probability names asia, which is none of europe',
  ],
  [
    'half a call at once',
    (s) => (s.agent.nodes[1].concurrency = 0.5),
    'concurrency must be a whole number from 1, got: 0.5',
  ],
  [
    'a prefix of nothing',
    (s) => (s.agent.nodes[0].sharedPrefix = { tokens: 0 }),
    'scenario.agent.nodes[0].sharedPrefix.tokens must be a whole number from 1, got: 0',
  ],
  [
    'too short a start to route by',
    (s) =>
      (s.world.components.writer.routing = { strategy: 'PREFIX_AWARE', prefixLength: 512, concurrencyThreshold: 8 }),
    'writer.routing.prefixLength must be a whole number from 1024 to 65536, got: 512',
  ],
  [
    'a threshold beyond what SageMaker takes',
    (s) =>
      (s.world.components.writer.routing = {
        strategy: 'PREFIX_AWARE',
        prefixLength: 1024,
        concurrencyThreshold: 1025,
      }),
    'writer.routing.concurrencyThreshold must be a whole number from 1 to 1024, got: 1025',
  ],
  [
    'an unknown routing',
    (s) => (s.world.components.writer.routing = 'PREFIX_AWARE'),
    'writer.routing must be an object for PREFIX_AWARE, with strategy, prefixLength and concurrencyThreshold',
  ],
  [
    'a prefix of a tool',
    (s) => (s.agent.nodes[1].sharedPrefix = { tokens: 100 }),
    'scenario.agent.nodes.facts.sharedPrefix is of no use: the node calls no model',
  ],
  [
    'shortages that take no time',
    (s) => (s.world.fleets.gpu.instances[0].shortageMinutes = 0),
    'shortageMinutes must be a number above 0, got: 0',
  ],
  [
    'unknown retry',
    (s) => (s.agent.retry = { tries: 3 }),
    'scenario.agent.retry.tries is none of attempts, baseMs, capMs',
  ],
  ['negative tokens', (s) => (s.agent.nodes[0].outputTokens = -1), 'scenario.agent.nodes[0].outputTokens'],
  ['components as a list', (s) => (s.world.components = []), 'scenario.world.components must be an object, got: []'],
  [
    'unknown kind',
    (s) => (s.world.components.search.kind = 'rag'),
    'scenario.world.components.search.kind must be one of inference-component, imported-model, tool, got: "rag"',
  ],
  [
    'half a copy',
    (s) => (s.world.components.writer.scaling.minCopies = 0.5),
    'writer.scaling.minCopies must be a whole number from 0, got: 0.5',
  ],
  [
    'unknown rule',
    (s) => (s.world.components.writer.scaling.rule.kind = 'vpa'),
    'writer.scaling.rule.kind must be one of target-tracking, hpa, kpa, got: "vpa"',
  ],
  [
    'no rule',
    (s) => delete s.world.components.writer.scaling.rule,
    'writer.scaling.rule.kind must be one of target-tracking, hpa, kpa, got: undefined',
  ],
  [
    'unknown statistic',
    (s) => (s.world.components.writer.scaling.rule.statistic = 'p95'),
    'rule.statistic must be one of average, peak, got: "p95"',
  ],
  [
    'a missing stage',
    (s) => delete s.world.components.writer.coldStart.stageSeconds['engine-init'],
    'stageSeconds.engine-init must be a number from 0, got: undefined',
  ],
  [
    'unknown routing',
    (s) => (s.world.components.writer.routing = 'STICKY'),
    'routing must be one of LEAST_OUTSTANDING_REQUESTS, RANDOM, got: "STICKY"',
  ],
  [
    'unknown scale-in',
    (s) => (s.world.fleets.gpu.scaleIn.strategy = 'NEVER'),
    'strategy must be one of IDLE_RELEASE, CONSOLIDATION, got: "NEVER"',
  ],
  [
    'a text for a flag',
    (s) => (s.world.fleets.gpu.instances[0].imageCached = 'yes'),
    'instances[0].imageCached must be true or false, got: "yes"',
  ],
  [
    'a negative rate',
    (s) => (s.workload.meanRatePerSecond = -1),
    'scenario.workload.meanRatePerSecond must be a number above 0, got: -1',
  ],
  [
    'training to the end',
    (s) => (s.trainingDays = 0.1),
    'scenario.trainingDays must be less than workload.days (0.1), got: 0.1; the rest is scored',
  ],
  ['a node twice', (s) => s.agent.nodes.push(node('plan')), 'scenario.agent.nodes.plan is there twice'],
  [
    'a dangling need',
    (s) => s.agent.nodes.push(node('last', { needs: ['none'] })),
    'scenario.agent.nodes.last.needs names none, which is no node before it',
  ],
  [
    'a need of a later node',
    (s) => s.agent.nodes.unshift(node('first', { needs: ['plan'] })),
    'scenario.agent.nodes.first.needs names plan, which is no node before it',
  ],
  [
    'no such component',
    (s) => (s.agent.nodes[0].component = 'oracle'),
    'scenario.agent.nodes.plan.component names oracle, which is none of planner, writer, search',
  ],
  [
    'a name of every object',
    (s) => (s.agent.nodes[0].component = 'constructor'),
    'scenario.agent.nodes.plan.component names constructor, which is none of',
  ],
  [
    'more copies than there may be',
    (s) => (s.world.components.writer.scaling.minCopies = 17),
    'writer.scaling.minCopies must be at most maxCopies (16), got: 17',
  ],
  [
    'steps too small',
    (s) => (s.world.components.writer.copy.maxStepTokens = 2),
    'writer.copy.maxStepTokens must be at least maxSequences (4), got: 2',
  ],
  [
    'no such fleet',
    (s) => (s.world.components.writer.fleet = 'tpu'),
    'scenario.world.components.writer.fleet names tpu, which is none of gpu',
  ],
  [
    'a component that fits no instance',
    (s) => (s.world.components.writer.needs.accelerators = 4),
    'scenario.world.components.writer.needs fits no instance of fleet gpu (ml.g7e.12xlarge): ask for less, or add a larger type',
  ],
  [
    'nothing that a static fleet could run',
    onlyTools,
    'scenario.world.components has no inference-component: a static fleet needs one to run',
  ],
])('%s', (_, change, fault) => {
  const scenario = copy();
  change(scenario);
  const faults = [...scenarioFaults(scenario)];
  expect(faults).toEqual([expect.stringContaining(fault)]);
});

function onlyTools(scenario: any): void {
  scenario.world.components = { search: scenario.world.components.search };
  for (const each of scenario.agent.nodes) each.component = 'search';
}

test.each([undefined, null, 3, 'support', []])('what is no object is no scenario: %p', (value) => {
  expect([...scenarioFaults(value)]).toEqual([expect.stringContaining('scenario must be an object, got: ')]);
});

test('names every fault at once', () => {
  const scenario = copy();
  scenario.objective.p95Ms = -1;
  scenario.world.fleets.gpu.maxInstances = 0;
  expect([...scenarioFaults(scenario)]).toEqual([
    'scenario.objective.p95Ms must be a number above 0, got: -1',
    'scenario.world.fleets.gpu.maxInstances must be a whole number from 1, got: 0',
  ]);
});
