import { chance, oneOf } from './draws';
import type { Fault } from './faults';

/** As services and the machines in front of them refuse: as JSON or as a page, with and without a time to come back. */
function refusal(status: number, retryAfter: readonly (string | undefined)[], code: string): Fault {
  return async (exchange, random) => {
    const isJson = chance(random, 0.5);
    const retry = oneOf(random, retryAfter);
    exchange.head(status, {
      'content-type': isJson ? 'application/json' : 'text/html',
      ...(isJson && { 'x-amzn-errortype': code }),
      ...(retry !== undefined && { 'retry-after': retry }),
    });
    const document = { message: 'not now', error: { message: 'not now', type: code } };
    await exchange.write(Buffer.from(isJson ? JSON.stringify(document) : '<h1>Not now</h1>'));
    await exchange.end();
  };
}

export const tooMany = refusal(
  429,
  [undefined, '0', '1', 'Wed, 21 Oct 2015 07:28:00 GMT', 'soon'],
  'ThrottlingException',
);
export const serverError = refusal(500, [undefined], 'InternalServerException');
export const unavailable = refusal(503, [undefined, '0', '1'], 'ServiceUnavailableException');
