import { BedrockControlPlane } from '../../support/bedrock-control-plane';
import { useBedrock } from './cloudformation';

test('the functions as they are deployed import a model and delete it', async () => {
  const plane = await BedrockControlPlane.start();
  useBedrock(plane);
  const log = jest.spyOn(console, 'log').mockImplementation();
  const { onEvent, isComplete } = require('../../../dist/functions/importer/index.js');
  const run = async (request: object) => {
    const pending = { ...request, ...(await onEvent(request)) };
    let answer = await isComplete(pending);
    while (!answer.IsComplete) answer = await isComplete(pending);
    return { ...pending, ...answer };
  };
  const request = {
    RequestId: '0a1b2c3d-0000-11f0-a000-4f1c0e600000',
    StackId: 'arn:aws:cloudformation:us-east-1:123456789012:stack/support/4f1c0e60-0000-11f0-a000-0a1b2c3d4e5f',
    LogicalResourceId: 'Writer',
    ResourceProperties: {
      NamePrefix: 'writer',
      WeightsUri: 's3://weights/writer/v1/',
      RoleArn: 'arn:aws:iam::123456789012:role/import',
      WaitSeconds: '3300',
      Continued: 'false',
    },
  };
  try {
    const { PhysicalResourceId, Data } = await run({ ...request, RequestType: 'Create' });
    expect([...plane.models.keys()]).toEqual([Data.ModelArn]);
    await run({ ...request, RequestType: 'Delete', PhysicalResourceId });
    expect(plane.models.size).toBe(0);
    expect(log).toHaveBeenCalledTimes(3);
  } finally {
    await plane.stop();
  }
});
