import { TUNER_VARIABLE } from '../../../core/scale/tuner-deployment';
import { deploymentOf, startTuned } from './tuned-stack';

test('the function as it is deployed looks, decides and writes its ledger', async () => {
  const stack = await startTuned(16);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: stack.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    [TUNER_VARIABLE]: JSON.stringify(deploymentOf()),
  });
  const lines: string[] = [];
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
  try {
    const { handler } = require('../../../dist/functions/tuner/index.js');
    const summary = await handler({}, { awsRequestId: 'one', getRemainingTimeInMillis: () => 30_000 });
    const nothing = { blind: 0, done: 0, refused: 0, frozen: 0, flapping: 0, conflicts: 0 };
    expect(summary).toEqual({ status: 'done', components: 1, ...nothing });
    const [copies, tick] = lines.map((line) => JSON.parse(line));
    expect(copies).toMatchObject({ InferenceComponentName: 'writer-ic', CopiesDesired: 1, CopiesInService: 1 });
    expect(tick).toMatchObject({ message: 'tick', mode: 'act', status: 'done', service: 'tuner', Changes: 0 });
    expect(await stack.table.entries('writer', 0)).toMatchObject([
      { entry: { reasons: ['no metrics: nothing done'] } },
    ]);
  } finally {
    write.mockRestore();
    await stack.stop();
  }
});
