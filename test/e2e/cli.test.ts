import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import Ajv from 'ajv/dist/2020';
import { answer, Service } from '../lambda/backends/service';
import { Compound, compound, type Ended, killAll, ROOT, startLocal, system } from './compound';

/** Each process takes half a second on a quiet machine, but machines are not always quiet. */
jest.setTimeout(30_000);

afterAll(killAll);

const SYSTEMS = join(__dirname, 'systems');
const AWAITS = join(SYSTEMS, 'awaits.mts');
const EXAMPLE = 'examples/support-agent/agent.ts';

/** Colours and movements of the cursor are for terminals only. */
const isForTerminals = (text: string) => text.includes('\u001b') || text.includes('\r');

/** What a command that fails says: one clear sentence, no stack trace, and nothing on standard output. */
function expectFailure({ code, stdout, stderr }: Ended, exitCode: number, message: string | RegExp): void {
  expect(stderr).toMatch(message);
  expect({ code, stdout }).toEqual({ code: exitCode, stdout: '' });
  expect(stderr).toMatch(/^compound: /);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(isForTerminals(stderr)).toBe(false);
}

test.concurrent.each<[command: string[], exitCode: number, message: string]>([
  [['fly'], 2, 'there is no command "fly"'],
  [['toString'], 2, 'there is no command "toString"'],
  [['ask', 'parrot', '{text:1}'], 2, 'the input is not valid JSON: '],
  [['graph', system('nothing')], 2, 'nothing.ts exports no graph'],
  [['graph', system('broken')], 1, 'this module is out of order'],
  [['graph', system('throws-nothing')], 1, 'throws-nothing.ts threw undefined while it was loaded'],
  [['graph', AWAITS], 1, `${AWAITS}: top-level await cannot be loaded, at ${AWAITS}:2:22: await in a function instead`],
  [['graph', join(SYSTEMS, 'nulled.cjs')], 2, 'nulled.cjs exports no graph'],
  [
    ['local', system('nothing')],
    2,
    'nothing.ts has no local system: export default localSystem({ graph, components })',
  ],
  [
    ['local', system('parrot'), '--port', '0', '--model', 'voice'],
    2,
    '--model must look like writer=http://127.0.0.1:11434/v1#name, got: voice',
  ],
  [['local', system('parrot'), '--port', '0', '--model', 'voice=http://%'], 2, '--model must look like '],
  [
    ['local', system('parrot'), '--port', '0', '--model', 'singer=http://x/v1'],
    2,
    '--model: no component is named singer; the components are: voice, look-up',
  ],
])('compound %j ends with exit code %d: %s', async (command, exitCode, message) => {
  expectFailure(await compound(...command), exitCode, message);
});

test.each([[[]], [['--help']]])('compound %j prints how it is used', async (command) => {
  const { code, stdout, stderr } = await compound(...command);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const name of ['local', 'ask', 'graph']) expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
});

test.concurrent.each([
  [['local', '--help'], 'compound local [module...]'],
  [['run', 'list', '--help'], '--limit 20'],
  [['tuner', '-h'], 'compound tuner explain'],
])('compound %j prints how the command is used', async (command, text) => {
  const { code, stdout, stderr } = await compound(...command);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain(text);
});

describe('graph', () => {
  test('prints a graph as JSON of its schema', async () => {
    const { code, stdout, stderr } = await compound('graph', EXAMPLE, '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const description = JSON.parse(stdout);
    expect(description).toMatchObject({ name: 'support', outputNeeds: ['plan', 'passages', 'answer', 'reply'] });
    const schema = JSON.parse(readFileSync(join(ROOT, 'schemas/graph.schema.json'), 'utf8'));
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);
    expect({ isValid: validate(description), errors: validate.errors }).toEqual({ isValid: true, errors: null });
  });

  test('prints a graph as a Mermaid picture', async () => {
    const { code, stdout, stderr } = await compound('graph', EXAMPLE, '--mermaid');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^flowchart LR\n {2}input\(\(input\)\)\n/);
    expect(isForTerminals(stdout)).toBe(false);
  });

  test('prints a graph once that is exported twice', async () => {
    const { stdout } = await compound('graph', system('twice'), '--json');
    expect(JSON.parse(stdout)).toMatchObject({ name: 'twice' });
  });
});

describe('with a stack', () => {
  let local: Compound;
  let url: string;
  let oracle: Service;

  beforeAll(async () => {
    oracle = await Service.start();
    ({ local, url } = await startLocal(
      [system('parrot'), system('remote'), '--speed', '1000', '--model', `oracle=${oracle.url}/v1#tiny:1b`],
      // What a developer may have set must not lead to AWS.
      { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true', AWS_BEARER_TOKEN_BEDROCK: 'real', AWS_PROFILE: 'production' },
    ));
  });

  afterAll(async () => {
    const { code, stdout, stderr } = await local.kill('SIGINT');
    await oracle.stop();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(isForTerminals(stdout)).toBe(false);
  });

  const ask = (agent: string, input: unknown, stackUrl = url) =>
    compound('ask', agent, JSON.stringify(input), '--stack-url', stackUrl);

  test('local shows a curl that a shell understands', () => {
    expect(local.stdout).toContain(
      `curl -s ${url}/agents/parrot/runs -H 'content-type: application/json' -d '{"text":"it'\\''s me"}'`,
    );
  });

  test('ask prints the output as JSON, and the timing beside it', async () => {
    const { code, stdout, stderr } = await ask('parrot', { text: 'hello "ä€😀"\n' }, `${url}/`);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ said: 'hello "ä€😀"\n' });
    expect(stderr).toMatch(/^run [0-9a-f-]{36} took \d+ ms; total;dur=[\d.]+, overhead;dur=[\d.]+, \w+;dur=[\d.]+\n$/);
    expect(isForTerminals(stdout + stderr)).toBe(false);
    await local.prints(/^parrot succeeded in \d+ ms \| (known|voice)$/m);
  });

  test('--model asks an OpenAI-compatible server for the model', async () => {
    oracle.replies(answer(200, { choices: [{ message: { content: 'Hi.' }, finish_reason: 'stop' }] }));
    const { stdout } = await ask('remote', { text: 'hello' });
    expect(JSON.parse(stdout)).toBe('Hi.');
    expect(oracle.received).toEqual([expect.objectContaining({ path: '/v1/chat/completions' })]);
    expect(JSON.parse(oracle.received[0]!.body)).toEqual({
      model: 'tiny:1b',
      messages: [{ role: 'user', content: 'hello' }],
    });
  });

  test.concurrent.each([
    ['../x', {}, /404 There is nothing here: no agent is named "\.\.\/x"; the agents are: parrot, remote\n$/],
    [
      'parrot',
      { text: 7 },
      /422 The input does not match the schema of the agent: .*\n {2}text: Invalid input: expected string, received number\n$/,
    ],
    [
      'parrot',
      { text: 'a brain that throws' },
      /502 A component of the agent failed: voice: component "voice" was answered ModelError \(HTTP 424\)\n$/,
    ],
  ])('ask %s with %j tells what the stack tells', async (agent, input, message) => {
    expectFailure(await ask(agent, input), 1, message);
  });

  test('a second stack on the same port tells how to avoid the first', async () => {
    const { port } = new URL(url);
    const message = `port ${port} is in use: stop what listens there, or choose another with --port`;
    expectFailure(await compound('local', system('parrot'), '--port', port), 1, message);
  });
});

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s ends a stack at once, though a run waits for a cold model',
  async (signal) => {
    const { local, url } = await startLocal([system('sleepy'), '--speed', '1']);
    const run = fetch(`${url}/agents/sleepy/runs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    }).catch(() => {});
    await local.prints(/^ring$/m);
    // A round trip later the next node of the run has been refused for want of a copy.
    await fetch(`${url}/agents`);

    const before = performance.now();
    const { code, stderr } = await local.kill(signal);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(performance.now() - before).toBeLessThan(1_500);
    await run;
  },
);

test('whoever has enough of the output may stop reading', async () => {
  const run = new Compound(['graph', EXAMPLE, '--json']);
  run.closeOutput();
  expect(await run.ended).toMatchObject({ code: 0, stderr: '' });
});

test.each([
  ['nothing', (response: ServerResponse) => response.writeHead(404).end()],
  ['pages', (response: ServerResponse) => response.end('<!doctype html>')],
  ['other JSON', (response: ServerResponse) => response.end('null')],
])('ask starts a stack for its question, also if what listens on the port of stacks has %s', async (_, answer) => {
  const decoy = createServer((_request, response) => answer(response));
  // If the port is taken, by a stack with the examples for one, the question has an answer as well.
  await new Promise<void>((resolve) => {
    decoy.once('error', () => resolve()).listen(4100, '127.0.0.1', resolve);
  });
  // Without a function in the file no model is asked, and none has to wake up.
  const input = JSON.stringify({ files: [{ path: 'a.ts', source: 'const a = 1;' }] });
  const { code, stdout, stderr } = await compound('ask', 'code-review', input);
  decoy.closeAllConnections();
  decoy.close();

  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ findings: [], functionsFound: 0 });
  expect(stderr).toMatch(/run [0-9a-f-]{36} took \d+ ms; total;dur=/);
  expect(isForTerminals(stdout + stderr)).toBe(false);
});
