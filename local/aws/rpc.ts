import { applicationAutoScaling } from './application-auto-scaling';
import { cloudwatch } from './cloudwatch';
import { cloudwatchLogs } from './cloudwatch-logs';
import { dynamodb } from './dynamodb/dynamodb';
import { headerOf, isRecord, jsonResponse, type Operation } from './http';
import { InvalidInputError, readJson } from './read-json';
import { exception, type RpcInput, type RpcService } from './rpc-service';
import { sagemaker } from './sagemaker';

const SERVICES: readonly RpcService[] = [sagemaker, applicationAutoScaling, cloudwatch, cloudwatchLogs, dynamodb];

/**
 * A call in AWS JSON, answered in the version of the request: 1.1, or 1.0 as clients speak it to DynamoDB, and to
 * CloudWatch since its model has several protocols.
 */
export const callRpc: Operation = (aws, request) => {
  const target = headerOf(request, 'x-amz-target') ?? '';
  const service = SERVICES.find(({ targetPrefix }) => target.startsWith(`${targetPrefix}.`));
  const name = target.slice((service?.targetPrefix.length ?? 0) + 1);
  const operation = service?.operations.get(name);
  if (!service || !operation) {
    throw exception('UnknownOperationException', `no such operation in the local stack: ${target}`, 404);
  }
  return aws.faults.meet(`${service.name}.${name}`, request.signal, () => {
    try {
      const contentType = headerOf(request, 'content-type') ?? 'application/x-amz-json-1.1';
      return jsonResponse(operation(aws, readInput(request.body)), { 'content-type': contentType });
    } catch (error) {
      if (error instanceof InvalidInputError) throw exception('SerializationException', error.message);
      if (error instanceof RangeError) throw service.rangeError(error.message);
      throw error;
    }
  });
};

function readInput(body: Buffer): RpcInput {
  const input = readJson(body);
  if (isRecord(input)) return input;
  throw new InvalidInputError('the body must be a JSON object');
}
