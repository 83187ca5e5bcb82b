import { TUNER_VARIABLE } from '../../../core/scale/tuner-deployment';
import { deploymentOf, startTuned } from './tuned-stack';

test('the function as it is deployed looks, decides, writes its ledger, and corrects a wrong target', async () => {
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
  const clock = jest.spyOn(Date, 'now').mockImplementation(() => stack.world.nowMs);
  try {
    const { handler } = require('../../../dist/functions/tuner/index.js');
    const tick = (id: string) => handler({}, { awsRequestId: id, getRemainingTimeInMillis: () => 30_000 });
    const nothing = { blind: 0, done: 0, refused: 0, frozen: 0, flapping: 0, conflicts: 0 };
    expect(await tick('without metrics')).toEqual({ status: 'done', components: 1, ...nothing });
    for (let minute = 0; minute < 2; minute++) await stack.minute();
    expect(await tick('with metrics')).toEqual({ status: 'done', components: 1, ...nothing, done: 1 });
    const [copies, before, , after] = lines.map((line) => JSON.parse(line));
    expect(copies).toMatchObject({ InferenceComponentName: 'writer-ic', CopiesDesired: 1, CopiesInService: 1 });
    expect(before).toMatchObject({ message: 'tick', mode: 'act', status: 'done', service: 'tuner', Changes: 0 });
    expect(after).toMatchObject({ message: 'tick', Changes: 1, SwitchedOff: 0 });
    expect((await stack.policy()).TargetValue).toBe(12);
    expect(await stack.table.entries('writer', 0)).toMatchObject([
      { entry: { reasons: ['no metrics: nothing done'] } },
      {
        entry: {
          seen: { target: 16, copies: 1, requests: 60 },
          reasons: expect.arrayContaining([expect.stringMatching(/^caused by load: concurrency 16 at target 16/)]),
          actions: [{ action: { type: 'set-target', from: 16, to: 12 }, outcome: { status: 'done' } }],
        },
      },
    ]);
    // It goes on until the objective is met, and nothing is left to do.
    for (let minute = 0; minute < 60; minute++) {
      await stack.minute();
      await tick(`minute ${minute}`);
    }
    const { seen } = (await stack.table.entries('writer', 0)).at(-1)!.entry;
    expect(seen!.p95Ms).toBeLessThanOrEqual(seen!.objectiveMs);
    expect(seen!.target).toBeLessThan(8);
  } finally {
    clock.mockRestore();
    write.mockRestore();
    await stack.stop();
  }
});
