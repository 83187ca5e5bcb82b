import { PassThrough } from 'node:stream';
import type { AwsResponse } from './http';

/**
 * A response whose messages go out as they come.
 *
 * It begins with the first message: what goes wrong before is refused as a call that is not streamed, and what goes wrong
 * later breaks the connection.
 *
 * @param produce sends its messages, and ends when the client hangs up
 */
export function streamedResponse(
  produce: (send: (message: Buffer) => void) => Promise<void>,
  headers: Readonly<Record<string, string>> = {},
): Promise<AwsResponse> {
  const body = new PassThrough();
  return new Promise((resolve, reject) => {
    const begin = () =>
      resolve({ status: 200, headers: { 'content-type': 'application/vnd.amazon.eventstream', ...headers }, body });
    const send = (message: Buffer) => {
      body.write(message);
      begin();
    };
    const run = async () => {
      await produce(send);
      body.end();
      begin();
    };
    run().catch((error: unknown) => {
      body.destroy();
      reject(error);
    });
  });
}
