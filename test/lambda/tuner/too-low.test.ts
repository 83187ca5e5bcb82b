import { TUNER_VARIABLE } from '../../../core/scale/tuner-deployment';
import type { KeptEntry } from '../../../lambda/tuner/ledger';
import { ANSWER, Callers } from './callers';
import { deploymentOf, startTuned, type TunedStack } from './tuned-stack';

/** A call takes 8.3 s beside one other on its copy, 9.8 s beside seven and 12 s beside fifteen. */
const OBJECTIVE_MS = 11_500;

let stack: TunedStack;
let callers: Callers;
let entries: readonly KeptEntry[];
let copiesBefore: number;

beforeAll(async () => {
  stack = await startTuned(2, ANSWER);
  const { components, ...rest } = deploymentOf();
  const writer = { ...components.writer!, objectiveMs: OBJECTIVE_MS };
  stack.environment[TUNER_VARIABLE] = JSON.stringify({ ...rest, components: { writer } });
  callers = new Callers(stack, 16);
  // Copies take minutes to come: the fleet is there before the tuner looks.
  for (let minute = 0; minute < 20; minute++) await callers.minute();
  copiesBefore = stack.copies;
  for (let minute = 0; minute < 180; minute++) {
    await callers.minute();
    await stack.tick();
  }
  entries = await stack.table.entries('writer', 0);
}, 30_000);

afterAll(async () => {
  await callers.leave();
  await stack.stop();
});

const steps = () => entries.filter(({ entry }) => entry.actions.some(({ action }) => action.type === 'set-target'));

test('a target that is far too low is raised, step by step, and copies that it does not need go', async () => {
  expect(copiesBefore).toBe(8);
  expect((await stack.policy()).TargetValue).toBeGreaterThan(4);
  expect(stack.copies).toBeLessThanOrEqual(5);
  const targets = entries.map(({ entry }) => entry.seen!.target);
  expect(targets).toEqual(targets.toSorted((a, b) => a - b));
});

test('the P95 stays within the objective all the time', () => {
  expect(Math.max(...entries.map(({ entry }) => entry.seen!.p95Ms!))).toBeLessThan(OBJECTIVE_MS);
});

test('the ledger tells with each step what it is based on, and that it was good', () => {
  expect(steps().length).toBeGreaterThan(5);
  for (const { entry, verdict } of steps().slice(0, -1)) {
    expect(entry.reasons[0]).toMatch(/^P95 in \[8\d+, 8\d+\] ms, objective 11500 ms$/);
    expect(entry.actions).toContainEqual({
      action: expect.objectContaining({ type: 'set-target' }),
      outcome: { status: 'done' },
    });
    expect(verdict).toMatchObject({ verdict: 'kept', reason: expect.stringContaining('beyond the objective') });
  }
});
