import { type LocalComponent, type LocalSystem, startLocalStack } from 'cdk-compound-inference/local';
import type { RunReport } from 'cdk-compound-inference/runtime';
import OpenAI from 'openai';
import { formatRun } from '../../bin/reports';
import { Service } from '../../test/lambda/backends/service';
import { Telling } from '../../test/lambda/orchestrator/streaming/agents';
import { warm } from '../shared/warm';
import type { Passage } from './corpus/passage';
import system from './local';

const passage: Passage = {
  id: 'aws-kms#1',
  source: 'aws-cdk-lib/aws-kms/README.md',
  heading: 'Rotation',
  text: 'Rotate a key:\n\n```ts\nnew kms.Key(this, "Key", { enableKeyRotation: true });\n```',
};

/** Everything is warm but the writer's own copies; and the documentation, which takes its time to read, is left out. */
const { planner, selector, ...others } = system.components;
const warmed: LocalSystem = {
  ...system,
  components: {
    ...others,
    planner: warm(planner!),
    selector: warm(selector!),
    search: functionOf('support-search', { passages: [passage] }),
    catalogue: functionOf('support-catalogue', { sources: [] }),
  },
  spillover: { writer: { ...system.spillover!.writer!, to: system.spillover!.writer!.to.map(warm) } },
};

test('while the own copies of the writer start, Bedrock answers what is streamed, and the run says so', async () => {
  const reports: RunReport[] = [];
  const stack = await startLocalStack({ systems: [warmed], speed: 1_000, onRunEnd: (report) => reports.push(report) });
  try {
    const response = await fetch(`${stack.url}/agents/support/runs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ question: 'How can I rotate a KMS key?' }),
    });
    const events = (await response.text()).split('\n\n').filter(Boolean).map(parse);
    const told = events.flatMap(({ event, data }) => (event === 'text' ? [data.text] : []));
    expect(told.join('')).toContain('enableKeyRotation');
    expect(told.join('')).toBe(events.at(-1)!.data.output.answer);

    expect(reports[0]!.record.nodes.answer!.calls).toMatchObject([
      { alternative: 1, spills: [{ alternative: 0, why: 'not-ready' }] },
    ]);
    expect(formatRun(reports[0]!)).toMatch(/spilled over: answer \| copy time .* \| \$0\.\d+$/);
  } finally {
    await stack.close();
  }
});

test('a client of OpenAI reads the answer with its final citations while the writer still writes', async () => {
  const service = await Service.start();
  const telling = new Telling();
  service.replies(telling.reply);
  const models = { writer: { url: service.url } };
  const stack = await startLocalStack({ systems: [warmed], models, speed: 1_000, onRunEnd: () => {} });
  try {
    const client = new OpenAI({ baseURL: `${stack.url}/v1`, apiKey: 'none', maxRetries: 0 });
    const messages = [{ role: 'user' as const, content: 'How can I rotate a KMS key?' }];
    const asking = client.chat.completions.create({ model: 'support', messages, stream: true });
    await telling.asked;
    telling.say('Rotate it [1] each');
    let answer = '';
    for await (const { choices } of await asking) {
      answer += choices[0]?.delta.content ?? '';
      if (answer === 'Rotate it [1] each') {
        telling.say(' year [7].');
        telling.end();
      }
    }
    expect(answer).toBe('Rotate it [1] each year.');
  } finally {
    await stack.close();
    await service.stop();
  }
});

function functionOf(functionName: string, answer: unknown): LocalComponent {
  return { kind: 'function', backend: { type: 'lambda', functionName }, handler: () => answer };
}

function parse(text: string): { readonly event: string; readonly data: any } {
  const [, event = '', data = ''] = /^event: (.*)\ndata: (.*)$/.exec(text) ?? [];
  return { event, data: JSON.parse(data) };
}
