import { spawnSync } from 'node:child_process';
import { compound, killAll, Program } from './compound';

/** Of a stack at the usual speed, all of whose models are cold. */
jest.setTimeout(60_000);

afterAll(killAll);

const QUESTION = 'How do I let a Lambda function read from an S3 bucket?';
const CITED = {
  answer: expect.stringMatching(/\[1\].*grantRead/s),
  citations: [{ id: 1, source: 'aws-cdk-lib/aws-s3/README.md' }],
};

const hasCurl = spawnSync('curl', ['--version']).status === 0;

(hasCurl ? test : test.skip)('each curl that npm start prints is answered, where there is one', async () => {
  const start = new Program('npm', ['start', '--', '--port', '0', '--speed', '1000'], {}, true);
  await start.prints(/Stop with Ctrl\+C/);
  const curls = start.stdout.match(/^ *curl .*$/gm) ?? [];
  const ended = await Promise.all(curls.map((curl) => new Program('sh', ['-c', curl]).ended));
  await start.kill('SIGTERM');
  expect(ended.map(({ code }) => code)).toEqual([0, 0, 0]);
  const answered = { runId: expect.any(String), output: expect.any(Object) };
  expect(ended.map(({ stdout }) => JSON.parse(stdout))).toMatchObject([
    answered,
    answered,
    { ...answered, output: CITED },
  ]);
});

test('ask starts a stack if none runs, and prints an answer with citations', async () => {
  const { code, stdout, stderr } = await compound('ask', 'support', JSON.stringify({ question: QUESTION }));
  // If one runs, with the examples, the question has an answer as well.
  expect(stderr).toMatch(
    /^(No local stack runs at http:\/\/127\.0\.0\.1:4100: starting one for this question\.\n)?run [0-9a-f-]{36} took/,
  );
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject(CITED);
});
