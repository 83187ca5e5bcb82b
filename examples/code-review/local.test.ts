import { type LocalStack, type LocalSystem, startLocalStack } from 'cdk-compound-inference/local';
import OpenAI from 'openai';
import { warm } from '../shared/warm';
import system from './local';

/** Every model is warm. */
const warmed: LocalSystem = {
  ...system,
  components: Object.fromEntries(Object.entries(system.components).map(([name, component]) => [name, warm(component)])),
};

let stack: LocalStack;
let openai: OpenAI;
beforeAll(async () => {
  stack = await startLocalStack({ systems: [warmed], speed: 1_000, onRunEnd: () => {} });
  openai = new OpenAI({ baseURL: `${stack.url}/v1`, apiKey: 'none', maxRetries: 0 });
});
afterAll(() => stack.close());

const ask = (content: string) =>
  openai.chat.completions.create({ model: 'code-review', messages: [{ role: 'user', content }] });

test('clients of OpenAI find it as a model, send files as JSON and get the report', async () => {
  expect((await openai.models.list()).data.map(({ id }) => id)).toEqual(['code-review']);
  const { choices } = await ask(JSON.stringify(system.example));
  expect(choices[0]!.message.content).toContain('`load` (`load.ts:4`)');
});

test('they learn what it takes from a message that is none of that', async () => {
  await expect(ask('Review my code, please.')).rejects.toMatchObject({
    status: 400,
    param: 'messages',
    message: expect.stringContaining('the input of code-review as JSON'),
  });
});
