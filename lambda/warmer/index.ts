import {
  WARMER_VARIABLE,
  WARMING_VARIABLE,
  type WarmerConfig,
  type WarmerEvent,
  warmerConfigFaults,
} from '../../core/warm';
import { lazy } from '../backends/sdk';
import { readConfig } from '../config/read-config';
import { DynamoBoard } from '../warm-board/dynamo-board';
import type { WarmerContext } from './context';
import { controlPlane } from './control-plane';
import { firstCalls } from './first-call';
import { logLine } from './log';
import { Warmer } from './warmer';

const BOARD = { timeoutMs: 2_000, maxAttempts: 3, isConsistent: true };

const context = lazy(async (): Promise<WarmerContext> => {
  const kind = { variable: WARMER_VARIABLE, what: 'the configuration of the warmer', faults: warmerConfigFaults };
  const config = await readConfig<WarmerConfig>(kind, process.env[WARMER_VARIABLE]);
  return {
    config,
    board: new DynamoBoard({ ...BOARD, table: config.table }),
    plane: controlPlane(),
    call: firstCalls(),
    time: {
      nowMs: () => Date.now(),
      pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    },
    log: logLine,
    isEnabled: config.enabled !== false && process.env[WARMING_VARIABLE] !== 'off',
  };
});

/** @param invocation of Lambda */
export async function handler(event: WarmerEvent, invocation: { getRemainingTimeInMillis(): number }): Promise<void> {
  await new Warmer(await context()).handle(event, invocation.getRemainingTimeInMillis());
}
