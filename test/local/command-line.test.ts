import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { awsExample } from '../../bin/aws-example';
import { ask } from '../../bin/commands/ask';
import { loadModule } from '../../bin/modules';
import { type Graph, graph, model } from '../../core/graph';
import type { LocalComponent, LocalSystem } from '../../local';
import { listen } from '../support/listen';

describe('ask', () => {
  const { isTTY, columns } = process.stderr;
  let shown: string[];

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setTimeout', 'setImmediate', 'nextTick', 'queueMicrotask', 'Date'] });
    shown = [];
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => shown.push(String(text)) > 0);
    jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  });

  afterEach(() => {
    jest.restoreAllMocks();
    jest.useRealTimers();
    Object.assign(process.stderr, { isTTY, columns });
  });

  /** Asks a stack that takes three seconds. */
  async function askSlowly(): Promise<void> {
    const stack = createServer((_, response) => {
      jest.advanceTimersByTime(3_000);
      response.end('{"runId": "1", "output": "yes"}');
    });
    const { url, close } = await listen(stack);
    await ask(['support', '{}', '--stack-url', url]);
    await close();
  }

  test('shows on a terminal how long a stack has been at it, and takes that away in the end', async () => {
    Object.assign(process.stderr, { isTTY: true, columns: 80 });
    await askSlowly();
    expect(shown.join('')).toContain('asking support … 1 s');
    expect(shown.join('')).toContain('asking support … 3 s');
    expect(shown.at(-2)).toBe('\r\x1b[K');
    expect(shown.at(-1)).toMatch(/^run 1 took /);
  });

  test('shows only its timing when piped', async () => {
    process.stderr.isTTY = false;
    await askSlowly();
    expect(shown).toEqual([expect.stringMatching(/^run 1 took /)]);
  });
});

describe('a module that cannot be loaded', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'modules-'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  test.each([
    ['x.ts', "throw new Error('boom at load');", 'x.ts: boom at load'],
    ['x.ts', "throw 'a text';", "x.ts threw 'a text' while it was loaded"],
    // As Node says it; jest has words of its own.
    [
      'x.ts',
      "throw new Error('Cannot find module ./gone\\nRequire stack:\\n- x.ts');",
      'x.ts: Cannot find module ./gone',
    ],
    ['README.md', 'Hello', 'README.md is no module of TypeScript or JavaScript'],
  ])('%s with %p is named in the one line that tells why', (name, source, message) => {
    const path = join(folder, name);
    writeFileSync(path, source);
    expect(messageOf(() => loadModule(path))).toBe(join(folder, message));
  });

  test('a directory is no module', () => {
    mkdirSync(join(folder, 'agents'));
    const path = join(folder, 'agents');
    expect(messageOf(() => loadModule(path))).toBe(`${path} is a directory: name a module in it`);
  });

  function messageOf(action: () => unknown): string {
    try {
      return `loaded ${String(action())}`;
    } catch (error) {
      return (error as Error).message;
    }
  }
});

describe('the example for the AWS CLI', () => {
  const URL = 'http://127.0.0.1:4100';
  type Backend = Extract<LocalComponent, { kind: 'chat-model' }>['backend'];
  const chat = (backend: Backend): LocalComponent => ({ kind: 'chat-model', backend, brain: () => '' });
  const claude = chat({ type: 'bedrock', modelId: 'claude' });
  const drafter = chat({ type: 'sagemaker', endpointName: 'gpu', inferenceComponentName: 'drafter' });
  const alone = chat({ type: 'sagemaker', endpointName: 'gpu' });
  const asked = graph('asked', { input: z.object({ question: z.string() }) });
  const system = (components: LocalSystem['components'], agent: Graph = asked.output(() => 0)): LocalSystem => ({
    graph: agent,
    components,
    example: { question: "what's up?" },
  });

  test('asks the first chat model on SageMaker what the graph asks it', () => {
    const agent = asked
      .node('route', { call: model('router'), input: ({ input }) => input.question })
      .node('draft', { call: model('drafter'), input: ({ input }) => `Answer: ${input.question}` })
      .output(() => 0);
    expect(awsExample(URL, [system({ router: claude, drafter }, agent)])).toEqual([
      `printf %s '{"messages":[{"role":"user","content":"Answer: what'\\''s up?"}]}' > body.json`,
      'AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local aws sagemaker-runtime invoke-endpoint --region us-east-1 ' +
        '--endpoint-url http://127.0.0.1:4100 --endpoint-name gpu --inference-component-name drafter ' +
        '--content-type application/json --body fileb://body.json answer.json && cat answer.json',
    ]);
  });

  test('greets a model of which the graph does not tell at first what it is asked', () => {
    const [body, command] = awsExample(URL, [system({ router: claude, alone })])!;
    expect(body).toContain('"content":"Hello"');
    expect(command).toContain(' --endpoint-name gpu --content-type ');
  });

  test('there is none without a chat model on SageMaker', () => {
    expect(awsExample(URL, [system({ router: claude })])).toBeUndefined();
  });
});
