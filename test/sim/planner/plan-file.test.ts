import { parsePlanFile } from '../../../sim/planner/plan-file';

const WRITER = {
  runsOn: [{ accelerator: 'L4', cpuCores: 4, memoryMiB: 16_384, profile: 'mine.json' }],
};

test('reads components, nodes, instance types and prices', () => {
  const file = {
    components: { writer: { ...WRITER, coldStartSeconds: 90 }, search: { durationMs: 20 } },
    nodes: { answer: { probability: 0.5, items: 2, promptTokens: { request: 'promptTokens', plus: 100 } } },
    instanceTypes: ['ml.g6.xlarge'],
    pricesPerHourUsd: { 'ml.g6.xlarge': 1.2 },
  };
  expect(parsePlanFile(JSON.stringify(file), 'plan.json')).toEqual(file);
});

test.each<[what: string, file: unknown, fault: string]>([
  ['no object', [], 'plan must be an object, got: []'],
  ['no components', {}, 'plan.components must be an object'],
  [
    'a component without a form',
    { components: { writer: {} } },
    'plan.components.writer must have runsOn, for a model of the fleet, or durationMs, for what others run, got: {}',
  ],
  [
    'nothing to run on',
    { components: { writer: { runsOn: [] } } },
    'plan.components.writer.runsOn must be a list with',
  ],
  [
    'an unknown accelerator',
    { components: { writer: { runsOn: [{ ...WRITER.runsOn[0], accelerator: 'L5' }] } } },
    'plan.components.writer.runsOn[0].accelerator must be one of A10G, L4, L40S, RTX PRO 6000, A100-40GB, H100-80GB, got: "L5"',
  ],
  [
    'half an accelerator',
    { components: { writer: { runsOn: [{ ...WRITER.runsOn[0], accelerators: 0.5 }] } } },
    'plan.components.writer.runsOn[0].accelerators must be a whole number from 1, got: 0.5',
  ],
  [
    'a probability above 1',
    { components: { writer: WRITER }, nodes: { answer: { probability: 2 } } },
    'plan.nodes.answer.probability must be a number from 0 to 1, got: 2',
  ],
  [
    'the price of an unknown type',
    { components: { writer: WRITER }, pricesPerHourUsd: { 'ml.x': 1 } },
    'the key of plan.pricesPerHourUsd.ml.x must be one of ml.g5.xlarge',
  ],
  ['a field too many', { components: { writer: WRITER }, region: 'x' }, 'plan.region is none of components, nodes'],
])('refuses %s', (_, file, fault) => {
  expect(() => parsePlanFile(JSON.stringify(file), 'plan.json')).toThrow(fault);
});

test('refuses what is no JSON', () => {
  expect(() => parsePlanFile('{', 'plan.json')).toThrow(/^plan\.json is no JSON: /);
});
