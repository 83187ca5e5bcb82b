import { tuner } from '../../../bin/commands/tuner';
import { ledgerStory } from '../../../bin/tuning/ledger-story';
import { UsageError } from '../../../bin/usage';
import type { KeptEntry } from '../../../lambda/tuner/ledger';
import { rejectionOf } from '../../local/aws/stack';
import { startTuned, TABLE, type TunedStack } from './tuned-stack';

/** The world of the stack lies long ago. */
const SINCE = ['--since', '99999d'];

let stack: TunedStack;

beforeAll(async () => {
  stack = await startTuned(16);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_DYNAMODB: stack.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_MAX_ATTEMPTS: '1',
  });
  for (let minute = 0; minute < 12; minute++) {
    await stack.minute();
    await stack.tick();
  }
});

afterAll(() => stack.stop());

async function printed(...args: string[]): Promise<string> {
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    await tuner(args);
    return write.mock.calls.map(([text]) => String(text)).join('');
  } finally {
    write.mockRestore();
  }
}

const explain = (...args: string[]) => printed('explain', '--table', TABLE, ...SINCE, ...args);

test('a change is told with what was seen, why, what AWS answered, and what came of it', async () => {
  const story = await explain('--component', 'writer');
  expect(story).toMatch(/^writer, 2026-01-05 00:01 to 2026-01-05 00:12 UTC: 12 looks, 2 changes done\n/);
  const chapter = story.split('\n\n').find((text) => text.includes('set the target from 16 to 12'))!;
  expect(chapter).toContain('saw      P95 2361 ms [2331, ∞] of 60 requests in 1 min, objective 1000 ms');
  expect(chapter).toContain('; 2.036 s a call, 0 % waiting; 1 of 1 copies');
  expect(chapter).toContain('because  caused by load: concurrency 16 at target 16');
  expect(chapter).toContain('did      set the target from 16 to 12: done');
  expect(chapter).toContain('later    superseded at 00:11');
});

test('looks at which the same was seen and nothing done are told once', async () => {
  const story = await explain('--component', 'writer');
  expect(story).toMatch(/\n2026-01-05 00:\d\d to 2026-01-05 00:\d\d, \d looks\n/);
  expect(story.split('\n\n').length).toBeLessThan(12);
});

test('as JSON it is the ledger', async () => {
  const { component, entries, turns } = JSON.parse(await explain('--component', 'writer', '--json'));
  expect({ component, turns }).toEqual({ component: 'writer', turns: [] });
  expect(entries).toEqual(await stack.table.entries('writer', 0));
});

test('the table may come from the environment', async () => {
  process.env.COMPOUND_TUNER_TABLE = TABLE;
  try {
    expect(await printed('explain', '--component', 'writer', ...SINCE)).toContain('12 looks');
  } finally {
    delete process.env.COMPOUND_TUNER_TABLE;
  }
});

describe('the switch', () => {
  const turn = (...args: string[]) => printed(args[0]!, '--table', TABLE, ...args.slice(1));

  test('stops the tuner with one command, and starts it with another; the story tells both', async () => {
    const off = await turn('off', '--reason', 'load test');
    expect(off).toMatch(
      /^the tuner of ledger is switched off at \d{4}-\d\d-\d\d \d\d:\d\d UTC: load test\nfrom its next tick on/,
    );
    expect(await stack.tick()).toMatchObject({ status: 'switched off' });
    const [time] = /switched off at .* UTC: load test/.exec(off)!;
    expect(await explain('--component', 'writer')).toContain(`\n\n${time}\n`);
    await expect(explain('--component', 'nobody')).rejects.toThrow(
      `components are named as in their graph; ask for a longer time with --since, and look whether the tuner runs: it is ${time}`,
    );

    expect(await turn('on')).toContain('switched on at');
    await stack.minute();
    expect(await stack.tick()).toMatchObject({ status: 'done' });
    expect(await explain('--component', 'writer')).toMatch(
      /switched off at .* UTC: load test\n\nswitched on at .* UTC\n$/,
    );
  });

  test('looks before and after a time in which it was off are not told as one', () => {
    const entryAt = (minute: number): KeptEntry => ({
      at: `2026-01-05T00:0${minute}:00.000Z`,
      entry: { mode: 'act', reasons: ['no requests'], actions: [] },
    });
    const turns = [
      { at: '2026-01-05T00:02:30.000Z', isOff: true },
      { at: '2026-01-05T00:04:30.000Z', isOff: false },
    ];
    expect(
      ledgerStory('writer', [1, 2, 5].map(entryAt), turns)
        .split('\n\n')
        .map((text) => text.split('\n')[0]),
    ).toEqual([
      'writer, 2026-01-05 00:01 to 2026-01-05 00:05 UTC: 3 looks, 0 changes done',
      '2026-01-05 00:01 to 2026-01-05 00:02, 2 looks',
      'switched off at 2026-01-05 00:02 UTC',
      'switched on at 2026-01-05 00:04 UTC',
      '2026-01-05 00:05',
    ]);
  });

  test('of a table that is not there is told with the remedy', async () => {
    const error = await rejectionOf(printed('off', '--table', 'nowhere'));
    expect(error.message).toContain('there is no table nowhere in this account and Region');
  });
});

test.each([
  [[], 'say what to do'],
  [['off'], '--table is missing, and COMPOUND_TUNER_TABLE is not set: compound tuner off'],
  [['on', '--component', 'writer', '--table', TABLE], "Unknown option '--component'"],
  [['tell'], 'say what to do'],
  [['explain'], '--component is missing'],
  [['explain', '--component', 'writer'], '--table is missing, and COMPOUND_TUNER_TABLE is not set'],
  [['explain', '--component', 'writer', '--table', TABLE, '--since', 'noon'], '--since must be a time such as 90m'],
  [['explain', '--component', 'writer', '--table', TABLE, '--since', '0h'], '--since must be a time such as 90m'],
])('%j is a mistake in the command line: %s', async (args, message) => {
  const error = await rejectionOf(tuner(args));
  expect(error).toBeInstanceOf(UsageError);
  expect(error.message).toContain(message);
});

test('a table that is not there is told with the remedy', async () => {
  const error = await rejectionOf(printed('explain', '--component', 'writer', '--table', 'nowhere', ...SINCE));
  expect(error.message).toBe(
    "there is no table nowhere in this account and Region: name the tuner's table with --table, and its Region with AWS_REGION",
  );
});

test('a component without entries is told with the remedy', async () => {
  const error = await rejectionOf(explain('--component', 'nobody'));
  expect(error.message).toContain('ledger has no entries about nobody in the last 99999d: components are named as in');
});
