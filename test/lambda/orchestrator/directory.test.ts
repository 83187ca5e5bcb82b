import { listAgents } from '../../../core/api/agent-list';
import { openApiFor } from '../../../core/api/openapi';
import { serveDirectory } from '../../../lambda/orchestrator';
import { greet } from './agents';
import { ask } from './event';

const handler = serveDirectory([greet]);

test.each([
  ['/agents', listAgents([greet])],
  ['/openapi.json', openApiFor([greet])],
])('GET %s answers what a deployment puts in front of the agents', async (path, document) => {
  expect(await ask(handler, { path })).toMatchObject({ status: 200, text: JSON.stringify(document) });
});

test('an agent is listed by its name, its description and where it runs', () => {
  expect(listAgents([greet])).toEqual({
    agents: [{ name: 'greet', description: 'Greets people', runs: 'agents/greet/runs' }],
  });
});
