import type { ServerResponse } from 'node:http';
import { answer, Service } from '../lambda/backends/service';
import { Compound, compound, killAll } from './compound';

jest.setTimeout(30_000);

const RUN_ID = '00000000-0000-4000-8000-000000000000';
const INPUT = '{"topic":"rain"}';

/** A stack in the eyes of the command line. */
let stack: Service;
let runs: ServerResponse[];

beforeAll(async () => {
  stack = await Service.start();
});

beforeEach(() => {
  runs = [];
  stack.replies((response, received) => {
    if (received.path === '/agents/quiet/runs') answer(200, { runId: RUN_ID, output: 'Hush.' })(response, received);
    else if (received.path === '/agents/quiet') answer(200, { nodes: [{ id: 'story' }] })(response, received);
    else if (received.path === '/agents/teller')
      answer(200, { nodes: [{ id: 'story', stream: true }] })(response, received);
    else if (received.headers.accept !== 'text/event-stream') response.destroy();
    else {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      send(response, 'run', { runId: RUN_ID });
      runs.push(response);
    }
  });
});

afterAll(async () => {
  killAll();
  await stack.stop();
});

const asking = (agent: string) => new Compound(['ask', agent, INPUT, '--stream', '--stack-url', stack.url]);

function send(response: ServerResponse, event: string, data: unknown): void {
  response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

async function run(): Promise<ServerResponse> {
  while (runs.length === 0) await new Promise(setImmediate);
  return runs[0]!;
}

test('text is printed as it comes, and the output is not, if it says the same', async () => {
  const asked = asking('teller');
  const response = await run();
  send(response, 'text', { node: 'story', text: 'Once ' });
  await asked.prints(/^Once $/);
  send(response, 'text', { node: 'story', text: 'upon a time' });
  send(response, 'output', { runId: RUN_ID, output: 'Once upon a time' });
  response.end();
  const { code, stdout, stderr } = await asked.ended;
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'Once upon a time\n' });
  expect(stderr).toMatch(new RegExp(`^run ${RUN_ID} took \\d+ ms; the first text came after \\d+ ms\\n$`));
});

test('who has no text yet is told what is waited for', async () => {
  const asked = asking('teller');
  const response = await run();
  send(response, 'heartbeat', {});
  send(response, 'heartbeat', { waitingFor: ['writer'], readyInMs: 39_400 });
  send(response, 'heartbeat', { waitingFor: ['writer', 'judge'] });
  send(response, 'text', { node: 'story', text: 'Once' });
  send(response, 'text', { node: 'moral', text: 'Wait' });
  send(response, 'output', { runId: RUN_ID, output: { story: 'Once', moral: 'Wait' } });
  response.end();
  const { stdout, stderr } = await asked.ended;
  expect(stderr).toMatch(/^writer starts: about 40 s left\nwriter, judge start\nrun /);
  expect(stdout).toBe(`Once\n\nmoral: Wait\n${JSON.stringify({ story: 'Once', moral: 'Wait' }, null, 2)}\n`);
});

test('a run that fails on its way ends with its problem, after the text', async () => {
  const asked = asking('teller');
  const response = await run();
  send(response, 'text', { node: 'story', text: 'Once' });
  send(response, 'error', { status: 502, title: 'A component of the agent failed', detail: 'story: gone' });
  response.end();
  const { code, stdout, stderr } = await asked.ended;
  expect({ code, stdout }).toEqual({ code: 1, stdout: 'Once' });
  expect(stderr).toBe('compound: 502 A component of the agent failed: story: gone\n');
});

test('a stack that goes away is told of', async () => {
  const asked = asking('teller');
  (await run()).destroy();
  const { code, stderr } = await asked.ended;
  expect(code).toBe(1);
  expect(stderr).toMatch(/^compound: http:.* broke off in the middle of the run\n$/);
});

test('an agent that does not stream answers as ever', async () => {
  const { code, stdout } = await asking('quiet').ended;
  expect({ code, stdout }).toEqual({ code: 0, stdout: '"Hush."\n' });
});

test('without a terminal nobody asks for text', async () => {
  const { stdout } = await compound('ask', 'quiet', INPUT, '--stack-url', stack.url);
  expect(stdout).toBe('"Hush."\n');
  expect(stack.received.map(({ path }) => path)).toEqual(['/agents/quiet/runs']);
});
