import { type LocalSystem, startLocalStack } from 'cdk-compound-inference/local';
import OpenAI from 'openai';
import { Service } from '../../test/lambda/backends/service';
import { Telling } from '../../test/lambda/orchestrator/streaming/agents';
import { warm } from '../shared/warm';
import { writer } from './brains';
import system from './local';

const warmed: LocalSystem = {
  ...system,
  components: Object.fromEntries(Object.entries(system.components).map(([name, component]) => [name, warm(component)])),
};

test('a client of OpenAI reads sentences that are supported while the writer still writes others', async () => {
  const service = await Service.start();
  const telling = new Telling();
  let first = '';
  service.replies((response, { body }) => {
    [first = ''] = writer(JSON.parse(body)).split(/(?<=\.)\s/);
    telling.reply(response);
  });
  const models = { writer: { url: service.url } };
  const stack = await startLocalStack({ systems: [warmed], models, speed: 1_000, onRunEnd: () => {} });
  try {
    const client = new OpenAI({ baseURL: `${stack.url}/v1`, apiKey: 'none', maxRetries: 0 });
    const messages = [{ role: 'user' as const, content: 'Which is cheaper, g5.48xlarge or g6.48xlarge?' }];
    const asking = client.chat.completions.create({ model: 'research', messages, stream: true });
    await telling.asked;
    telling.say(`${first} It also`);
    let answer = '';
    for await (const { choices } of await asking) {
      answer += choices[0]?.delta.content ?? '';
      if (answer === first) {
        telling.say(' plays chess.');
        telling.end();
      }
    }
    expect(answer).toBe(`${first} […]`);
    expect(answer).toMatch(/^By price per hour, the lowest is ml\.g6\.48xlarge .*\[1\]/);
  } finally {
    await stack.close();
    await service.stop();
  }
});
