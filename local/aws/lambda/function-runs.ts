import type { Clock } from '../../../core/run/call';
import { lambdaContext } from '../../lambda-context';
import type { LocalFunction } from '../../world/component';

/** Of a synchronous request and of its response (Lambda quotas, AWS Lambda Developer Guide). */
export const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024;

/** The longest that a function may take. */
const DEFAULT_TIMEOUT_MS = 900_000;

export interface FunctionResult {
  /** JSON: what the function answered, or what its error was. */
  readonly body: string;
  /** Absent if all went well. */
  readonly error?: string;
}

/** Runs functions, no more at a time than each has room for. */
export class FunctionRuns {
  readonly #running = new Map<LocalFunction, number>();

  constructor(private readonly clock: Clock) {}

  /** @returns undefined if the function has no room */
  start(target: LocalFunction, event: unknown): Promise<FunctionResult> | undefined {
    const running = this.#running.get(target) ?? 0;
    if (running >= (target.reservedConcurrency ?? Infinity)) return undefined;
    this.#running.set(target, running + 1);
    return runToEnd(target, event, this.clock).finally(() => this.#running.set(target, this.#running.get(target)! - 1));
  }
}

/** Whether or not the caller still listens, as in Lambda. */
async function runToEnd(target: LocalFunction, event: unknown, clock: Clock): Promise<FunctionResult> {
  const { handler, backend, timeoutMs = DEFAULT_TIMEOUT_MS } = target;
  try {
    const context = lambdaContext(backend.functionName, timeoutMs, () => clock.now());
    const body = JSON.stringify((await handler(event, context)) ?? null);
    if (Buffer.byteLength(body) <= MAX_PAYLOAD_BYTES) return { body };
    return failure(
      'Function.ResponseSizeTooLarge',
      `Response payload size exceeded maximum allowed payload size (${MAX_PAYLOAD_BYTES} bytes).`,
    );
  } catch (error) {
    return error instanceof Error ? failure(error.name, error.message) : failure('Error', String(error));
  }
}

function failure(errorType: string, errorMessage: string): FunctionResult {
  const body = JSON.stringify({ errorType, errorMessage, trace: [] });
  return { body, error: `${errorType}: ${errorMessage}` };
}
