import type { RunResult } from '../../core/run/engine';
import { CallError, RunError } from '../../core/run/errors';
import type { RunRecord } from '../../core/run/record';
import type { WholeAnswer } from './http';
import { runHeaders } from './run-headers';

/** The most that Lambda returns (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html), less room for headers and what an answer is sent in. */
const MAX_BYTES = 6 * 1024 * 1024 - 64 * 1024;

/** The answer to a run that brought an output. @throws RunError if the output cannot be sent: such a run has failed. */
export function runAnswer(runId: string, { output, record }: RunResult<unknown>): WholeAnswer {
  const json = `{"runId":"${runId}","output":${sendableJson(output, record)}}`;
  return { status: 200, headers: runHeaders(runId, record), json };
}

/** What a run answers, as JSON. @throws RunError if it cannot be sent: such a run has failed */
export function sendableJson(output: unknown, record: RunRecord): string {
  const refused = (fault: string) => {
    const cause = new CallError('failed', fault, { at: 'output' });
    return new RunError('failed', `output: ${fault}`, { ...record, status: 'failed' }, cause);
  };
  let json: string;
  try {
    json = JSON.stringify(output) ?? 'null';
  } catch (error) {
    throw refused(`JSON cannot hold it: ${jsonFault(error)}`);
  }
  const bytes = sentBytes(json);
  if (bytes > MAX_BYTES) throw refused(`the answer has ${bytes} bytes, the limit is ${MAX_BYTES}`);
  return json;
}

/** No character takes more in JSON: that of a control character or half a surrogate pair. */
const MAX_ESCAPED_BYTES = 6;

/**
 * Size of a body as its function returns it: as a text in a JSON document, in which each quote is two characters. An
 * upper bound where that is below the limit anyway, so that usual answers are not written twice.
 */
function sentBytes(json: string): number {
  const mostBytes = json.length * MAX_ESCAPED_BYTES;
  return mostBytes <= MAX_BYTES ? mostBytes : Buffer.byteLength(JSON.stringify(json));
}

/** Not in the words of the error: it names fields, and may be of an output's own `toJSON`. */
function jsonFault(thrown: unknown): string {
  const { name, message } = thrown instanceof Error ? thrown : { name: typeof thrown, message: '' };
  if (name === 'TypeError' && /BigInt/.test(message)) return 'it has a BigInt';
  if (name === 'TypeError' && /circular/.test(message)) return 'it refers to itself';
  return `its writing threw a ${name}`;
}
