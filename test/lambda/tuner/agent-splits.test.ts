import { TUNER_VARIABLE } from '../../../core/scale/tuner-deployment';
import { deploymentOf, startTuned, type TunedStack } from './tuned-stack';

let stack: TunedStack;

beforeEach(async () => {
  stack = await startTuned(16);
});

afterEach(() => stack.stop());

test('no more than two agents are looked at in a tick, the others in the next ones', async () => {
  const { agents, components, ...rest } = deploymentOf();
  const { objectiveMs: _, ...writer } = components.writer!;
  const names = Array.from({ length: 3 }, (_, i) => `agent-${i}`);
  stack.environment[TUNER_VARIABLE] = JSON.stringify({
    ...rest,
    agents: Object.fromEntries(names.map((name) => [name, agents.support!])),
    components: { writer },
  });
  const looked = async () => (await stack.table.states(names.map((name) => `@agent/${name}`))).size;
  await stack.minute();
  await stack.tick();
  expect(await looked()).toBe(2);
  await stack.minute();
  await stack.tick();
  expect(await looked()).toBe(3);
});
