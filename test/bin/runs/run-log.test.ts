import { RunLog } from '../../../bin/runs/run-log';
import { DAY_MS, MINUTE_MS } from '../../../core/time-units';
import { type LoggedRun, LogsService } from './logs-service';

const NOW_MS = Date.UTC(2026, 10, 23, 12);

/** A run each minute of a day, the oldest first. */
const DAY: readonly LoggedRun[] = Array.from({ length: 1_440 }, (_, i) => ({
  runId: `run-${1_440 - i}`,
  atMs: NOW_MS - (1_440 - i) * MINUTE_MS,
}));

const SHOP = 'Shop-SupportLogs1A2B3C4D-aBcDeF123456';
const OTHER = 'Shop-Test-SupportLogs1A2B3C4D-aBcDeF123456';

const variables = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' };
const before = { ...process.env };
let service: LogsService | undefined;
let log: RunLog | undefined;
const notes: string[] = [];

/** Of an account with these groups. */
async function logOf(
  groups: Readonly<Record<string, readonly LoggedRun[] | 'denied'>>,
  place: { readonly stack?: string; readonly logGroup?: string } = { stack: 'Shop' },
): Promise<RunLog> {
  service = await LogsService.start(groups);
  Object.assign(process.env, variables, { AWS_ENDPOINT_URL: service.url });
  log = new RunLog(place, (note) => notes.push(note));
  return log;
}

afterEach(async () => {
  log?.close();
  await service?.stop();
  process.env = { ...before };
  notes.length = 0;
});

const idsOf = (runs: readonly { readonly runId: string }[]) => runs.map(({ runId }) => runId);

test('the newest runs are found without a look at the rest of the day', async () => {
  const runs = await (await logOf({ [SHOP]: DAY })).list(NOW_MS - DAY_MS, NOW_MS, 2);
  expect(idsOf(runs)).toEqual(['run-2', 'run-1']);
  expect(runs[0]).toEqual({
    runId: 'run-2',
    timestamp: '2026-11-23T11:58:00.000Z',
    graph: 'support',
    status: 'succeeded',
    wallMs: 250.4,
    costUsd: 0.002,
    usage: { inputTokens: 12, outputTokens: 34 },
  });
  expect(service!.asked).toMatchObject([{ logGroupName: SHOP, startTime: NOW_MS - 5 * MINUTE_MS }]);
});

test('where few have run lately, the search goes back in steps that grow, and finds each run once', async () => {
  const runs = await (await logOf({ [SHOP]: DAY })).list(NOW_MS - DAY_MS, NOW_MS, 61);
  expect(idsOf(runs)).toEqual(Array.from({ length: 61 }, (_, i) => `run-${61 - i}`));
  const starts = new Set(service!.asked.map(({ startTime }) => (NOW_MS - startTime) / MINUTE_MS));
  expect([...starts]).toEqual([5, 60, 720]);
});

test('the search ends where it was told to', async () => {
  const runs = await (await logOf({ [SHOP]: DAY })).list(NOW_MS - 90 * MINUTE_MS, NOW_MS, 1_000);
  expect(idsOf(runs)).toEqual(Array.from({ length: 90 }, (_, i) => `run-${90 - i}`));
  expect(Math.min(...service!.asked.map(({ startTime }) => startTime))).toBe(NOW_MS - 90 * MINUTE_MS);
});

test('a stack has its own groups only, not those of a stack whose name begins alike', async () => {
  const own = { [SHOP]: [], '/aws/lambda/Shop-Tool1A2B3C4D-aBcDeF123456': DAY.slice(-1) };
  const runs = await (await logOf({ ...own, [OTHER]: DAY, [`/aws/lambda/${OTHER}`]: 'denied' })).list(0, NOW_MS, 5);
  expect(idsOf(runs)).toEqual(['run-1']);
  expect(new Set(service!.asked.map(({ logGroupName }) => logGroupName))).toEqual(new Set(Object.keys(own)));
});

test('a group that may not be read is left out with a note, once', async () => {
  const denied = 'Shop-Audit1A2B3C4D-aBcDeF123456';
  const runs = await logOf({ [denied]: 'denied', [SHOP]: DAY.slice(-1) });
  expect(idsOf(await runs.list(NOW_MS - DAY_MS, NOW_MS, 5))).toEqual(['run-1']);
  expect(await runs.find('run-1', NOW_MS - DAY_MS)).toMatchObject({ runId: 'run-1' });
  expect(notes).toEqual([`left out: log group ${denied} may not be read: allow logs:FilterLogEvents on it (no)`]);
});

test.each([[{ stack: 'Shop' }], [{ logGroup: SHOP }]])(
  'of %j, of which nothing may be read, the reason is told',
  async (place) => {
    const runs = await logOf({ [SHOP]: 'denied' }, place);
    await expect(runs.list(NOW_MS - DAY_MS, NOW_MS, 5)).rejects.toThrow(
      `log group ${SHOP} may not be read: allow logs:FilterLogEvents on it (no)`,
    );
    expect(notes).toEqual([]);
  },
);
