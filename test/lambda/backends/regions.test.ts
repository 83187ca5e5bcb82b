import { z } from 'zod';
import type { Binding } from '../../../core/graph/binding';
import { tool } from '../../../core/graph/component';
import { callerFor } from '../../../lambda/backends';
import { callOf } from './call';
import { answer, Service, useAws } from './service';

const search = tool('search', { input: z.any(), output: z.any() });

let service: Service;

beforeAll(async () => {
  service = await Service.start();
  useAws(service, 'AWS_ENDPOINT_URL');
});

beforeEach(() => service.replies(answer(200, {})));

afterAll(() => service.stop());

/** Which region and service a request is signed for. */
const scopes = () =>
  service.received.map(({ headers }) => /\/([\w-]+\/\w+)\/aws4_request/.exec(`${headers.authorization}`)?.[1]);

test.each<[signedFor: string, Binding]>([
  ['sagemaker', { type: 'sagemaker', endpointName: 'fleet' }],
  ['bedrock', { type: 'bedrock', modelId: 'nova' }],
  ['lambda', { type: 'lambda', functionName: 'search' }],
])('%s is asked in the region of the binding, else in that of the function', async (signedFor, binding) => {
  await callerFor({ search: binding })(callOf(search, {}));
  await callerFor({ search: { ...binding, region: 'eu-central-1' } as Binding })(callOf(search, {}));
  expect(scopes()).toEqual([`us-east-1/${signedFor}`, `eu-central-1/${signedFor}`]);
});

test('calls to one region share their connections', async () => {
  const call = callerFor({ search: { type: 'lambda', functionName: 'search', region: 'eu-west-1' } });
  await call(callOf(search, {}));
  const connections = service.sockets.length;
  await call(callOf(search, {}));
  expect(service.sockets).toHaveLength(connections);
});
