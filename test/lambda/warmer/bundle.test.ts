import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { WARMER_VARIABLE, WARMING_VARIABLE } from '../../../core/warm';
import { component, configOf, keyOf, startWarmStack, type WarmStack } from './warm-stack';

const BUNDLE = require.resolve('../../../dist/functions/warmer/index.js');

let stack: WarmStack;

beforeEach(async () => {
  stack = await startWarmStack([component('planner')]);
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  jest.resetModules();
});

afterEach(async () => {
  jest.restoreAllMocks();
  delete process.env[WARMER_VARIABLE];
  delete process.env[WARMING_VARIABLE];
  await stack.close();
});

/** The function as it is deployed, with too little time to stay. */
function invoke(event: object): Promise<void> {
  const { handler } = require(BUNDLE);
  return handler(event, { getRemainingTimeInMillis: () => 10_000 });
}

const entry = () => ({
  type: 'entry',
  agent: 'support',
  requests: [{ id: 'a', graph: 'support', nodes: {}, sinceMs: Date.now(), deadlineAtMs: Date.now() + 28_000 }],
});

const CONFIG = JSON.stringify(configOf(['planner'], { policy: 'entry' }));

test('the function as it is deployed raises what a run needs, and lets go of it when it is told to stop', async () => {
  process.env[WARMER_VARIABLE] = CONFIG;
  await invoke(entry());
  expect(await stack.minimum('planner')).toBe(1);
  expect((await stack.policy())?.state.holds[keyOf('planner')]?.copies).toBe(1);
  await invoke({ type: 'stop' });
  expect(await stack.minimum('planner')).toBe(0);
});

test('the variable of the kill switch keeps it from warming', async () => {
  process.env[WARMER_VARIABLE] = CONFIG;
  process.env[WARMING_VARIABLE] = 'off';
  await invoke(entry());
  expect(await stack.minimum('planner')).toBe(0);
});

test('a configuration with a fault is refused by the name of the field', async () => {
  process.env[WARMER_VARIABLE] = '{"policy":"entry"}';
  await expect(invoke({ type: 'tick' })).rejects.toThrow('COMPOUND_WARMER: warmer.table must be a string');
});

test('it holds only what it calls of the SDK', () => {
  const folder = dirname(BUNDLE);
  const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  expect(bytes).toBeLessThan(700_000);
});
