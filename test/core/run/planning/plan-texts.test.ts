import fc from 'fast-check';
import { PlanText } from '../../../../core/run/planning/plan-text';
import { plan, write } from './support';

const planOf = (query: string) =>
  write({ tasks: [{ id: 't1', tool: 'search', input: { query } }], output: { $from: 't1.passages[0]' } });
const DRAFT = planOf('draft');
const REAL = planOf('real');

test.each([
  ['a block of reasoning', `<think>Maybe ${DRAFT}? No.</think>${REAL}`],
  ['one with words around it', `Well.<think>Maybe ${DRAFT}?</think> So: ${REAL} Good luck!`],
  ['several blocks', `<think>${DRAFT}</think>\n<think>or ${DRAFT}</think>\n${REAL}`],
  ['a block that names its tag', `<think>I must end with < /think> or </thinking>: ${DRAFT}</think>${REAL}`],
  ['a block of another name', `<thinking>Maybe ${DRAFT}? No.</thinking>${REAL}`],
  ['a block in capitals', `<THINK>Maybe ${DRAFT}? No.</THINK>${REAL}`],
  ['a block in mixed letters', `<Thinking>Maybe ${DRAFT}? No.</thinkinG>${REAL}`],
  ['a block within one of another name', `<thinking><think>Hm.</think>${DRAFT}</thinking>${REAL}`],
  ['one of another name within a block', `<think><thinking>Hm.</thinking>\n${DRAFT}</think>${REAL}`],
  ['other reasoning whose beginning is in the prompt', `${DRAFT.slice(1)} ${DRAFT}? No.</Thinking>\n\n${REAL}`],
  ['reasoning with braces and quotes', `<think>{a} is "b, {"tasks": [</think>${REAL}`],
  ['a block after the plan', `${REAL}<think>Was that right? ${DRAFT}</think>`],
  ['a block between a sentence with a plan and the end', `So: ${REAL}<think>Right? ${DRAFT}</think>`],
  ['reasoning whose beginning is in the prompt', `Maybe ${DRAFT}? No.</think>\n\n${REAL}`],
  ['such reasoning with several drafts', `First ${DRAFT}, then ${DRAFT}.</think>${REAL}`],
  ['such reasoning with a draft that breaks off', `Maybe {"tasks":[{"id":"t1", ... no.</think>${REAL}`],
  ['such reasoning, and a plan that is in a fence', `Maybe ${DRAFT}.</think>\n\`\`\`json\n${REAL}\n\`\`\``],
])('of a text with %s only the plan is carried out', async (_, text) => {
  for (const partCharacters of [undefined, 1, 3, 7, 1_000]) {
    const chunks = partCharacters === undefined ? {} : { partCharacters };
    const { world, outcome } = await plan({ plans: [text], options: { repairs: 0 }, ...chunks });
    expect(outcome.error).toBeUndefined();
    expect(outcome.output.output).toBe('about real');
    expect(world.triesOf('search').map(({ input }) => input)).toEqual([{ query: 'real' }]);
  }
});

test('after reasoning tasks start as they are written', async () => {
  for (const before of ['<think>Hm.</think>\n\n', 'Hm.</think>', '```json\n', ' ```\n\n  ', ' \n']) {
    const text = `${before}${REAL}${' '.repeat(500)}`;
    const { world } = await plan({ plans: [text], partCharacters: 1 });
    expect(world.triesOf('search')[0]!.startMs).toBe(text.indexOf(',"output"') - 1);
  }
});

test('after a sentence, which may be reasoning, tasks start when all is written', async () => {
  const text = `Here you are: ${REAL}`;
  const { world } = await plan({ plans: [text], partCharacters: 1 });
  expect(world.triesOf('search')[0]!.startMs).toBe(world.triesOf('planner')[0]!.endMs);
});

test('tags in texts of a plan are texts', async () => {
  for (const query of ['<think>', '<THINKING>', 'a</think>b', '<think>{"tasks":[]}</think>']) {
    for (const before of ['', 'Here: ']) {
      const { outcome } = await plan({ plans: [before + planOf(query)], partCharacters: 2, options: { repairs: 0 } });
      expect(outcome.output?.output).toBe(`about ${query}`);
    }
  }
});

test('reasoning in a block does not count for the characters of a plan', async () => {
  const options = { repairs: 0, limits: { characters: REAL.length } };
  const text = `<think>${'Hm. '.repeat(1_000)}</think>${REAL}`;
  for (const chunks of [{}, { partCharacters: 9 }]) {
    const { outcome } = await plan({ plans: [text], options, ...chunks });
    expect(outcome.output?.output).toBe('about real');
    const { outcome: longer } = await plan({ plans: [`${text.slice(0, -1)} }`], options, ...chunks });
    expect(String((longer.error!.cause as Error).cause)).toContain(`has more than ${REAL.length} characters`);
  }
});

test('a planner is not shown its reasoning again', async () => {
  const { requests } = await plan({ plans: ['<think>Hm.</think>{"tasks":[]}', REAL], partCharacters: 4 });
  expect(requests[1]!.at(-2)).toEqual({ role: 'assistant', content: '{"tasks":[]}' });
});

test.each([
  ['reasoning that does not end', `<think>Maybe ${DRAFT}`, 'the plan is not complete: its <think> does not end'],
  [
    'reasoning of another name that does not end',
    `<Thinking>Maybe ${DRAFT}</think>`,
    'the plan is not complete: its <thinking> does not end',
  ],
  ['nothing after reasoning', `<think>${DRAFT}</think>`, 'the plan has no JSON object that begins with'],
  ['nothing after the end of reasoning', `So ${DRAFT}</think>`, 'the plan has no JSON object that begins with'],
  ['an object of something else', '{"a": 1}', 'the plan has no JSON object that begins with "tasks", "output" or "rep'],
  ['an empty object', '{}', 'the plan has no JSON object that begins with'],
  [
    'an object with a name like that of a field',
    '{"ta sks": [], "output": 1}',
    'the plan has no JSON object that begins',
  ],
  [
    'a tag in a plan that has begun',
    `{"tasks": [</think>${REAL}`,
    'the plan is not complete: its JSON object does not end',
  ],
  ['a list', '[1, 2]', 'the plan has no JSON object that begins with'],
  [
    'tasks by name',
    `{"tasks": {"a": ${write({ id: 'a', tool: 'calc', input: 1 })}}, "output": 1}`,
    'tasks must be a list',
  ],
  [
    'tasks in lists',
    '{"tasks": [[{"id": "a", "tool": "calc", "input": 1}]], "output": 1}',
    'tasks[0] must be an object',
  ],
  ['a replan that is a text', '{"tasks": [], "replan": "yes"}', 'replan must be true or left out, got: "yes"'],
  ['a replan beside an output', '{"tasks": [], "replan": 1, "output": 2}', 'replan must be true or left out, got: 1'],
])('%s is a fault, and nothing runs', async (_, text, fault) => {
  for (const partCharacters of [undefined, 1, 4]) {
    const chunks = partCharacters === undefined ? {} : { partCharacters };
    const { world, outcome } = await plan({ plans: [text], options: { repairs: 0, replans: 1 }, ...chunks });
    expect(String((outcome.error?.cause as Error)?.cause)).toContain(fault);
    expect(world.tries).toHaveLength(1);
  }
});

test.each([
  ['a brace and a quote before it', `Like {"c ${REAL}`],
  ['words like tags before it', `I think> so, or /think> so: ${REAL}`],
  ['braces in a sentence', `I use { and {a} and {"b": 1} and {"c, {"d"}: ${REAL}`],
  [
    'escapes in the names of its fields',
    REAL.replace('"tasks"', '"t\\u0061sks"').replace('"output"', '"\\u006futput"'),
  ],
  ['space wherever there may be some', ` ${JSON.stringify(JSON.parse(REAL), null, ' \t\n').replaceAll('":', '" \n:')}`],
  ['an object around it', `{"plan": ${REAL}}`],
  [
    'its output first',
    '{"output": "about real", "tasks": [{"id": "t1", "tool": "search", "input": {"query": "real"}}]}',
  ],
  [
    'its tasks last, all in escapes',
    '{"output": "about real", "\\u0074\\u0061\\u0073\\u006b\\u0073": [{"id": "t1", "tool": "search", "input": {"query": "real"}}]}',
  ],
  ['a replan that is false', REAL.replace(/}$/, ', "replan": false}')],
])('a plan with %s is read', async (_, text) => {
  for (const partCharacters of [undefined, 1, 4]) {
    const chunks = partCharacters === undefined ? {} : { partCharacters };
    const { world, outcome } = await plan({ plans: [text], options: { repairs: 0 }, ...chunks });
    expect(outcome.error).toBeUndefined();
    expect(world.triesOf('search').map(({ input }) => input)).toEqual([{ query: 'real' }]);
  }
});

test('however a text with reasoning is divided, no draft is carried out and the plan is', async () => {
  const words = fc.constantFrom(
    'Hm. ',
    DRAFT,
    '{',
    '}',
    '"',
    '{"tasks":[',
    '<think',
    '</thin',
    '<thinking>',
    '</THINKING>',
    '<',
    '>',
    '\\',
    '{"a":1}',
  );
  const reasoning = fc.array(words, { maxLength: 8 }).map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(reasoning, fc.integer({ min: 1, max: 40 }), async (thought, partCharacters) => {
      const text = `<think>${thought}</think>${REAL}`;
      const { world, outcome } = await plan({ plans: [text], partCharacters, options: { repairs: 0 } });
      expect(outcome.output?.output).toBe('about real');
      expect(world.triesOf('search').map(({ input }) => input)).toEqual([{ query: 'real' }]);
    }),
    { numRuns: 150 },
  );
});

test('texts of a plan may hold whatever JSON can say', async () => {
  const query = 'a "}]} \\" {[ \\\\" \n\u2028 </think> {"tasks": [';
  for (const partCharacters of [1, 3, 1_000]) {
    const { outcome } = await plan({ plans: [planOf(query)], partCharacters, options: { repairs: 0 } });
    expect(outcome.output?.output).toBe(`about ${query}`);
  }
});

test('a plan is nested up to 32 deep', async () => {
  const nestOf = (deep: number) =>
    `{"tasks":[{"id":"a","tool":"calc","input":${'['.repeat(deep)}${']'.repeat(deep)}}],"output":1}`;
  const deepest = await plan({ plans: [nestOf(29)], options: { repairs: 0 } });
  expect(deepest.outcome.output?.output).toBe(1);
  const deeper = await plan({ plans: [nestOf(30)], options: { repairs: 0 } });
  expect(String((deeper.outcome.error!.cause as Error).cause)).toContain('the plan is nested more than 32 deep');
});

test('a name of a field beyond any that a plan has is read to its end and no further', async () => {
  for (const name of ['x'.repeat(100), '\\"'.repeat(50), `tasks${' '.repeat(50)}`, 'tasks\\']) {
    const text = `{"output": 1, "${name}": [${write({ id: 'a', tool: 'calc', input: 1 })}], "tasks": []}`;
    const { outcome, world } = await plan({ plans: [text], partCharacters: 3, options: { repairs: 0 } });
    expect(world.triesOf('calc')).toEqual([]);
    expect(outcome.error).toBeDefined();
  }
});

test('however long a plan is, each of its characters is read once', () => {
  const found: string[] = [];
  const text = new PlanText(Infinity, (json) => found.push(json));
  const count = 40_000;
  const startedMs = performance.now();
  text.push('{"tasks":[{"id":"t"}');
  for (let i = 0; i < count; i++) text.push(`,{"id":"t${i}"}`);
  text.push(']');
  for (let i = 0; i < count; i++) text.push(',"a":1');
  text.push(',"output":1}');
  // Quadratic reading would take a minute.
  expect(performance.now() - startedMs).toBeLessThan(2_000);
  expect(found).toHaveLength(count + 1);
  expect(found.at(-1)).toBe(`{"id":"t${count - 1}"}`);
  expect(JSON.parse(text.end())).toMatchObject({ a: 1, output: 1 });
});
