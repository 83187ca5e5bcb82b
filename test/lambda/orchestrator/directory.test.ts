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

test('where an agent runs counts from where the list is, whatever stage or base path is before it', () => {
  const [agent] = listAgents([greet]).agents;
  const list = 'https://id.execute-api.us-east-1.amazonaws.com/prod/agents';
  expect(new URL(agent!.runs, list).pathname).toBe('/prod/agents/greet/runs');
});
