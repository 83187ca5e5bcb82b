import type { RuntimeWarming } from '../../../core/api/config-variable';
import type { Clock } from '../../../core/run/call';
import { DynamoBoard } from '../../warm-board/dynamo-board';
import { tellWarmer } from './tell-warmer';
import { Warming } from './warming';

/** Nothing waits for the board, so what is slow is given up, and nothing is tried twice. */
const BOARD = { timeoutMs: 1_000, maxAttempts: 1, isConsistent: false };

/** Warming by the board and the warmer that a configuration names. */
export function makeWarming(config: RuntimeWarming, clock: Clock, nowMs: () => number): Warming {
  const board = new DynamoBoard({ ...BOARD, table: config.table });
  return new Warming(config, { board, tell: tellWarmer(config.functionName), nowMs, clock });
}
