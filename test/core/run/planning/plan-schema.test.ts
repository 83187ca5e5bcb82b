import Ajv2020 from 'ajv/dist/2020';
import { model, tool } from 'cdk-compound-inference/graph';
import { z } from 'zod';
import { planSchema } from '../../../../core/run/planning';
import { search } from './support';

const ajv = () => new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true, validateFormats: false });

type Planned = Parameters<typeof planSchema>[0];

const acceptedBy = (spec: Planned) => {
  const isPlan = ajv().compile(planSchema(spec));
  return (plans: readonly object[]) => plans.map((plan) => isPlan(plan));
};

const spec: Planned = { tools: [search, model('writer')] };
const task = { id: 't1', tool: 'search', input: { query: 'a' } };
const taskWith = (input: unknown, toolName = 'search') => ({ tasks: [{ id: 't1', tool: toolName, input }] });

test('a plan over the tools is accepted, with references in place of any value', () => {
  const plans = [
    { tasks: [] },
    { tasks: [task], output: { $from: 't1.passages' } },
    {
      tasks: [task, { id: 't2', tool: 'search', input: { query: { $from: 't1.passages[0]' } }, needs: ['t1'] }],
      output: 1,
    },
    { tasks: [task, { id: 't2', tool: 'writer', input: { $text: ['About ', { $from: 't1.passages[0]' }] } }] },
    { tasks: [{ ...task, id: `t${'1'.repeat(63)}` }] },
    taskWith({ $from: 't1' }),
    taskWith('write', 'writer'),
  ];
  expect(acceptedBy(spec)(plans)).toEqual(plans.map(() => true));
});

test.each<[string, object]>([
  ['no tasks', {}],
  ['a list of tasks', []],
  ['a field that no plan has', { tasks: [], steps: [] }],
  ['tasks that are no list', { tasks: task }],
  ['a task without an id', { tasks: [{ tool: 'search', input: task.input }] }],
  ['a task without a tool', { tasks: [{ id: 't1', input: task.input }] }],
  ['a task without an input', { tasks: [{ id: 't1', tool: 'search' }] }],
  ['a task that is a text', { tasks: ['t1'] }],
  ['a tool that is not offered', { tasks: [{ ...task, tool: 'rm' }] }],
  ['a field that the tool lacks', taskWith({ q: 'a' })],
  ['a value of another type', taskWith({ query: 5 })],
  ['the input of another tool', taskWith('a')],
  ['an id that is no name', { tasks: [{ ...task, id: '__proto__' }] }],
  ['an id that is a number', { tasks: [{ ...task, id: 5 }] }],
  ['an id that is too long', { tasks: [{ ...task, id: `t${'1'.repeat(64)}` }] }],
  ['needs that are no list', { tasks: [{ ...task, needs: 't1' }] }],
  ['needs that are no ids', { tasks: [{ ...task, needs: [1] }] }],
  ['a field that no task has', { tasks: [{ ...task, when: true }] }],
  ['a reference to a number', taskWith({ query: { $from: 1 } })],
  ['a reference with a default', taskWith({ query: { $from: 't1', otherwise: 'b' } })],
  ['a text that is no list', taskWith({ query: { $text: 'a' } })],
  ['a text with a number', taskWith({ query: { $text: ['a', 1] } })],
  ['a text with a field too many', taskWith({ query: { $text: ['a'], otherwise: 'b' } })],
])('a plan with %s is refused', (_, plan) => {
  expect(acceptedBy(spec)([plan])).toEqual([false]);
});

test('what has parts may have references in its parts', () => {
  const edit = tool('edit', {
    input: z.object({ lines: z.array(z.object({ at: z.number(), text: z.string() })) }),
    output: z.any(),
  });
  const is = acceptedBy({ tools: [edit] });
  const at = (lines: unknown) => taskWith({ lines }, 'edit');
  const reference = { $from: 't1.found' };
  const good = [at(reference), at([reference]), at([{ at: reference, text: { $text: ['a', reference] } }])];
  const bad = [at('a'), at([5]), at([{ at: 'a', text: 'b' }]), at([{ at: 1, text: 5 }])];
  expect(is(good)).toEqual(good.map(() => true));
  expect(is(bad)).toEqual(bad.map(() => false));
});

test('an input that is anything, or that holds its like, may be anything', () => {
  const tree: z.ZodType = z.lazy(() => z.object({ branches: z.array(tree) }));
  const inputs = [5, 'a', { branches: [] }, { $from: 't1' }];
  for (const input of [z.any(), tree]) {
    const plans = inputs.map((each) => taskWith(each, 'grow'));
    expect(acceptedBy({ tools: [tool('grow', { input, output: z.any() })] })(plans)).toEqual(plans.map(() => true));
  }
});

test.each([
  ['without limits', undefined, 20],
  ['with a limit', { tasks: 3 }, 3],
])('%s a plan has no more tasks than it may', (_, limits, most) => {
  const is = acceptedBy({ ...spec, ...(limits && { limits }) });
  const plan = (tasks: number) => ({ tasks: Array(tasks).fill(task) });
  expect(is([plan(most), plan(most + 1)])).toEqual([true, false]);
});

test('a further plan can be asked for only if there may be one', () => {
  const plans = [
    { tasks: [], replan: true },
    { tasks: [], replan: false },
  ];
  expect(acceptedBy({ ...spec, replans: 1 })(plans)).toEqual([true, false]);
  expect(acceptedBy({ ...spec, replans: 0 })(plans)).toEqual([false, false]);
  expect(acceptedBy(spec)(plans)).toEqual([false, false]);
});
