import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { compound, killAll, ROOT } from './compound';

/** Of a stack at the usual speed, all of whose models are cold. */
jest.setTimeout(60_000);

afterAll(killAll);

const QUESTION = 'How do I let a Lambda function read from an S3 bucket?';
const CITED = {
  answer: expect.stringMatching(/\[1\].*grantRead/s),
  citations: [{ id: 1, source: 'aws-cdk-lib/aws-s3/README.md' }],
};

test('each curl that npm start prints is answered', async () => {
  // A process group: npm itself does not end what it has started.
  const start = spawn('npm', ['start', '--', '--port', '0', '--speed', '1000'], {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    let printed = '';
    start.stdout.setEncoding('utf8').on('data', (chunk) => (printed += chunk));
    while (!printed.includes('Stop with Ctrl+C')) await once(start.stdout, 'data');
    const curls = printed.match(/^ *curl .*$/gm) ?? [];
    const answers = await Promise.all(curls.map(async (curl) => JSON.parse(await outputOf(curl))));
    const expected = { runId: expect.any(String), output: expect.any(Object) };
    expect(answers).toMatchObject([expected, expected, { ...expected, output: CITED }]);
  } finally {
    process.kill(-start.pid!, 'SIGKILL');
    await once(start, 'close');
  }
});

test('ask starts a stack if none runs, and prints an answer with citations', async () => {
  const { code, stdout, stderr } = await compound('ask', 'support', JSON.stringify({ question: QUESTION }));
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject(CITED);
  expect(stderr).toMatch(/^run [0-9a-f-]{36} took \d+ ms; total;dur=/m);
});

function outputOf(command: string): Promise<string> {
  return text(spawn('sh', ['-c', command], { stdio: ['ignore', 'pipe', 'inherit'] }).stdout);
}
