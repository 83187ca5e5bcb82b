import { type LocalStack, startLocalStack } from '../../local';
import services from '../e2e/systems/services';

let stack: LocalStack;
beforeAll(async () => {
  stack = await startLocalStack({ systems: [services], onRunEnd: () => {} });
});
afterAll(() => stack.close());

test('whoever opens the URL of a stack is shown its agents', async () => {
  const response = await fetch(stack.url);
  expect(response.url).toBe(`${stack.url}/agents`);
  expect(await response.json()).toEqual({ agents: [{ name: 'services', runs: '/agents/services/runs' }] });
});

test('a stack points the AWS clients of its process to itself, until it is closed', async () => {
  const other = await startLocalStack({ systems: [], onRunEnd: () => {} });
  expect(process.env.AWS_ENDPOINT_URL_LAMBDA).toBe(other.url);
  await other.close();
  expect(process.env.AWS_ENDPOINT_URL_LAMBDA).toBe(stack.url);
});
