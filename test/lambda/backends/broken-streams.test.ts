import { model } from '../../../core/graph/component';
import { callerFor } from '../../../lambda/backends';
import { callOf, errorOf } from './call';
import { closed, Service, useAws } from './service';

const environment = { ...process.env };
let service: Service;

beforeAll(async () => {
  service = await Service.start();
  useAws(service, 'AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME', 'AWS_ENDPOINT_URL_BEDROCK_RUNTIME');
});

afterAll(async () => {
  process.env = environment;
  await service.stop();
});

/** Its own length, 16 bytes, and no more. */
const FRAME_WITHOUT_CHECKSUM = Buffer.from([0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);

describe.each([
  ['SageMaker', model('writer'), { type: 'sagemaker', endpointName: 'fleet' }],
  ['an imported model', model('writer'), { type: 'bedrock', modelId: 'imported' }],
  ['Converse', model('writer', { format: 'converse' }), { type: 'bedrock', modelId: 'claude' }],
] as const)('a stream of %s', (_, writer, binding) => {
  test('whose first frame is broken has broken off, and its connection is closed', async () => {
    const gone = new Promise<void>((resolve) => {
      service.replies((response) => {
        response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
        response.write(FRAME_WITHOUT_CHECKSUM);
        void closed(response).then(resolve);
      });
    });
    const error = await errorOf(callerFor({ writer: binding })(callOf(writer, 'Hi', { onText: () => {} })));
    expect(error.message).toBe('component "writer" broke off its answer: StreamBroken');
    expect(error.kind).toBe('retryable');
    await gone;
  });
});
