import type { KeptEntry } from '../../../lambda/tuner/ledger';
import { OBJECTIVE_MS, startTuned, type TunedStack } from './tuned-stack';

let stack: TunedStack;
let entries: readonly KeptEntry[];

beforeAll(async () => {
  stack = await startTuned(16);
  for (let minute = 0; minute < 45; minute++) {
    await stack.minute();
    await stack.tick();
  }
  entries = await stack.table.entries('writer', 0);
});

afterAll(() => stack.stop());

const changes = () => entries.filter(({ entry }) => entry.actions.length > 0);

test('a target that is far too high is lowered until the latency meets its objective', async () => {
  expect((await stack.policy()).TargetValue).toBeLessThan(8);
  expect(stack.copies).toBeGreaterThanOrEqual(3);
  expect(entries.at(-1)!.entry.seen!.p95Ms).toBeLessThan(OBJECTIVE_MS);
});

test('then it stays', () => {
  const lastChange = changes().at(-1)!;
  expect(entries.indexOf(lastChange)).toBeLessThan(30);
});

test('every tick is in the ledger, with what was seen', () => {
  expect(entries).toHaveLength(45);
  expect(entries[1]!.entry.seen).toMatchObject({ objectiveMs: OBJECTIVE_MS, target: 16, copies: 1, requests: 60 });
});

test('a change tells why, what AWS answered, and what became of it', () => {
  const [first] = changes();
  expect(first!.entry.reasons).toContainEqual(expect.stringMatching(/^caused by load: concurrency 16 at target 16/));
  expect(first!.entry.actions).toMatchObject([
    { action: { type: 'set-target', from: 16, to: 12 }, outcome: { status: 'done' } },
  ]);
  expect(changes().map(({ verdict }) => verdict?.verdict)).toEqual([
    ...changes()
      .slice(1)
      .map(() => 'superseded'),
    'kept',
  ]);
});

test('cooldowns come from the starts that were seen: 260 seconds of a new instance', async () => {
  expect(await stack.policy()).toMatchObject({ ScaleOutCooldown: 260, ScaleInCooldown: 900 });
});

test('entries expire', async () => {
  const { Items } = await stack.query();
  const entry = Items!.find(({ entry }) => entry)!;
  expect(Number(entry.expiresAtSeconds!.N) * 1000).toBe(Date.parse(entry.at!.S!) + 90 * 86_400_000);
});
