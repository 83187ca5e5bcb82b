import type { WarmerEvent } from '../../../core/warm';
import { lazy, sdkConfig } from '../../backends/sdk';

/** Leaves a message for the warmer, and does not wait for what it does. */
export type TellWarmer = (event: WarmerEvent) => Promise<void>;

/** Lambda takes a message in milliseconds; what takes longer is given up. */
const TIMEOUT_MS = 2_000;

export function tellWarmer(functionName: string): TellWarmer {
  const lambda = lazy(async () => {
    const { InvokeCommand, LambdaClient } = await import('#cdk-compound-inference/lambda');
    return { client: new LambdaClient(await sdkConfig(TIMEOUT_MS)), InvokeCommand };
  });
  // While the function starts: to load a client takes a moment in which nothing else goes on.
  lambda().catch(() => {});
  return async (event) => {
    const { client, InvokeCommand } = await lambda();
    const message = {
      FunctionName: functionName,
      InvocationType: 'Event',
      Payload: Buffer.from(JSON.stringify(event)),
    } as const;
    await client.send(new InvokeCommand(message), { abortSignal: AbortSignal.timeout(TIMEOUT_MS) });
  };
}
