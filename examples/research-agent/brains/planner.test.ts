import * as fc from 'fast-check';
import { planPrompt } from '../prompts';
import { planner } from './planner';

const plan = (question: string): { readonly tasks: readonly any[]; readonly output: any } =>
  JSON.parse(planner(planPrompt(question)));
const toolsOf = (question: string) => plan(question).tasks.map(({ tool }) => tool);

test.each([
  ['What is ml.g5.xlarge?', ['lookup']],
  ['What does ml.g5.xlarge cost per week?', ['lookup', 'calculate']],
  ['Is ml.g5.xlarge cheaper than ml.g6.xlarge?', ['lookup', 'lookup', 'compare']],
  ['Price per GPU of g5.12xlarge and g6.12xlarge?', ['lookup', 'lookup', 'calculate', 'calculate', 'compare']],
  ['Does an 8B model fit on ml.g5.xlarge?', ['calculate', 'lookup', 'compare']],
  ['The smallest instance for an 8 billion parameter model', ['calculate', 'find']],
  ['Who won the world cup?', []],
])('%p is planned as %p', (question, tools) => {
  expect(toolsOf(question)).toEqual(tools);
});

test.each([
  ['with at least 4 GPUs under $10 per hour', { accelerators: 4 }, { pricePerHourUsd: 10 }],
  ['with 40 GiB of memory per GPU and 24 vCPUs', { memoryPerAcceleratorGib: 40, vcpus: 24 }, {}],
  [
    'that has 300 GB of VRAM or more for no more than 20 dollars',
    { acceleratorMemoryGib: 300 },
    { pricePerHourUsd: 20 },
  ],
  ['with eight cores or fewer and at least 32 GiB of RAM', { hostMemoryGib: 32 }, { vcpus: 8 }],
])('conditions are told with their quantities: %p', (conditions, atLeast, atMost) => {
  const [task] = plan(`Which instance ${conditions} has the most host memory?`).tasks;
  expect(task.tool).toBe('find');
  expect({ atLeast: {}, atMost: {}, ...task.input }).toEqual({
    atLeast,
    atMost,
    best: { quantity: 'hostMemoryGib', is: 'highest' },
  });
});

test('any question makes a plan in which tasks refer to tasks before them', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }), (question) => {
      const { tasks, output } = plan(question);
      const known = new Set<string>();
      for (const { id, input } of [...tasks, { id: 'output', input: output }]) {
        for (const [, task] of JSON.stringify(input).matchAll(/"\$from":"(\w+)\./g)) expect(known).toContain(task);
        known.add(id);
      }
    }),
  );
});
