import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';

/**
 * What Lambda tells a function about the invocation.
 *
 * @param now in milliseconds, by the time that limits the function
 */
export function lambdaContext(functionName: string, timeoutMs: number, now = () => performance.now()): Context {
  const endsAtMs = now() + timeoutMs;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${functionName}`,
    memoryLimitInMB: '1769',
    awsRequestId: randomUUID(),
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'local',
    getRemainingTimeInMillis: () => Math.max(0, endsAtMs - now()),
    done: () => {},
    fail: () => {},
    succeed: () => {},
  };
}
