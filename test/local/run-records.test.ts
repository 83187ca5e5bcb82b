import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { z } from 'zod';
import { run } from '../../bin/commands/run';
import { UsageError } from '../../bin/usage';
import { graph, tool } from '../../core/graph';
import { type LocalStack, localSystem, startLocalStack } from '../../local';
import { rejectionOf } from './aws/stack';

const echo = tool('echo', { input: z.object({ text: z.string() }), output: z.object({ text: z.string() }) });
const parrot = graph('parrot', { input: z.object({}) })
  .map('said', [], { over: () => ['SECRET', 'b'], call: echo, input: (text) => ({ text }) })
  .output(({ said }) => said);

let stack: LocalStack;
let client: CloudWatchLogsClient;
let runIds: string[];

beforeAll(async () => {
  const components = {
    echo: {
      kind: 'function' as const,
      backend: { type: 'lambda' as const, functionName: 'echo' },
      handler: (event: unknown) => event,
    },
  };
  stack = await startLocalStack({
    systems: [localSystem({ graph: parrot, components, example: {} })],
    onRunEnd: () => {},
  });
  client = new CloudWatchLogsClient({ maxAttempts: 1 });
  const ask = async () => {
    const response = await fetch(`${stack.url}/agents/parrot/runs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    return ((await response.json()) as { runId: string }).runId;
  };
  runIds = [await ask(), await ask(), await ask()];
});

afterAll(async () => {
  client.destroy();
  await stack.close();
});

async function printed(...args: string[]): Promise<string> {
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    await run(args);
    return write.mock.calls.map(([text]) => String(text)).join('');
  } finally {
    write.mockRestore();
  }
}

const here = () => ['--stack-url', stack.url];

test('a run is shown by its id: a bar for each node and call', async () => {
  const text = await printed('show', runIds[1]!, ...here());
  expect(text).toMatch(/^parrot succeeded in .*\nrun /);
  expect(text).toContain(`run ${runIds[1]}\n`);
  expect(text).toMatch(/^\* said +─+/m);
  expect(text).toMatch(/^ {6}\[1\] .*█/m);
  expect(text).toContain('critical path: said');
  expect(text).not.toContain('SECRET');
});

test('as JSON it is the record, and as a picture an SVG', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'run-'));
  try {
    const file = join(folder, 'run.svg');
    const { runId, record } = JSON.parse(await printed('show', runIds[0]!, ...here(), '--json', '--svg', file));
    expect({ runId, calls: record.nodes.said.calls.length }).toEqual({ runId: runIds[0], calls: 2 });
    expect(readFileSync(file, 'utf8')).toContain(`parrot, run ${runIds[0]}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the log group may be named, and then only that one is read', async () => {
  expect(await printed('show', runIds[0]!, '--log-group', '/aws/lambda/parrot')).toContain('parrot succeeded');
  const error = await rejectionOf(printed('show', runIds[0]!, '--log-group', '/aws/lambda/owl'));
  expect(error.message).toMatch(/^there is no log group \/aws\/lambda\/owl in this account and Region: name /);
});

test('the last runs are listed, the newest last', async () => {
  const lines = (await printed('list', ...here(), '--limit', '2')).trim().split('\n');
  expect(lines.map((line) => line.split('  ')[1])).toEqual(runIds.slice(1));
  expect(lines[0]).toMatch(/ {2}parrot {2}succeeded {2}\S+ m?s {2}\$0$/);
});

test.each<[args: string[], message: string | RegExp]>([
  [[], 'say which run to show'],
  [['show'], 'say which run to show'],
  [['show', 'x', '--since', 'yesterday'], '--since must be a time such as 90m, 24h or 7d, got: yesterday'],
  [['show', 'x', '--stack', 'Shop', '--log-group', 'g'], 'choose one of --log-group, --stack and --stack-url'],
  [['show', 'x', '--stack-url', 'shop'], '--stack-url must be the http URL of a stack, got: shop'],
  [['list', '--limit', '0'], '--limit must be a whole number from 1'],
])('compound run %j: %s', async (args, message) => {
  const error = await rejectionOf(run(args));
  expect(error).toBeInstanceOf(UsageError);
  expect(error.message).toMatch(message);
});

test('a run that left no record, and a stack without groups, say what to do', async () => {
  expect((await rejectionOf(run(['show', 'no-such-run', ...here()]))).message).toMatch(
    /^no record of run no-such-run was logged in the last 24h: ask for a longer time with --since/,
  );
  expect((await rejectionOf(run(['show', 'x', '--stack', 'Shop']))).message).toBe(
    'stack Shop has no log group: name the one of the agent with --log-group',
  );
});

test('logs that cannot be read are named', async () => {
  const remove = stack.addFault({ calls: 'CloudWatchLogs.FilterLogEvents', outcome: 'throttled' });
  process.env.AWS_MAX_ATTEMPTS = '1';
  const error = await rejectionOf(run(['show', 'x', ...here()]));
  delete process.env.AWS_MAX_ATTEMPTS;
  remove();
  expect(error.message).toMatch(/^log group \/aws\/lambda\/parrot cannot be read: Throttl/);
});

test('pages follow each other, within the time and by the pattern', async () => {
  const filter = (input: object) =>
    client.send(new FilterLogEventsCommand({ logGroupName: '/aws/lambda/parrot', ...input }));
  const first = await filter({ limit: 2 });
  const second = await filter({ limit: 2, nextToken: first.nextToken });
  const ids = [...first.events!, ...second.events!].map(({ message }) => JSON.parse(message!).runId);
  expect(ids).toEqual(runIds);
  expect(second.nextToken).toBeUndefined();
  expect((await filter({ startTime: Date.now() + 60_000 })).events).toEqual([]);
  expect((await filter({ filterPattern: `"${runIds[2]}"` })).events).toHaveLength(1);
  expect((await filter({ filterPattern: '{ $.record.graph = "owl" }' })).events).toEqual([]);
  expect((await rejectionOf(filter({ filterPattern: '?A ?B' }))).name).toBe('InvalidParameterException');
});
