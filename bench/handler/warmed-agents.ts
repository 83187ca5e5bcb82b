// Bundled as functions are deployed: one agent with and without warming, its model known to be warm.
import type { RuntimeConfig } from '../../core/api/config-variable.ts';
import type { ComponentRecord } from '../../core/warm/index.ts';
import { type Handler, serve } from '../../lambda/orchestrator/index.ts';
import { componentId } from '../../lambda/warm-board/documents.ts';
import { DynamoBoard } from '../../lambda/warm-board/dynamo-board.ts';
import { agent } from './agent.ts';
import { BOARD_TABLE, WARMER } from './warm-names.ts';
import type { WarmedAgent } from './warmed-cell.ts';

const MODEL = 'sagemaker/bench';

/** Passes between two requests: with each the board is read anew, and then a message to the warmer is due as well. */
const OLD_BOARD_MS = 6_000;
const OLD_LESSONS_MS = 61_000;

const config: RuntimeConfig = { bindings: { answerer: { type: 'sagemaker', endpointName: 'bench' } } };
const warming = { table: BOARD_TABLE, functionName: WARMER, components: { answerer: MODEL } };

export const agents: readonly WarmedAgent[] = [
  { name: 'off', handler: serve(agent, { config }) },
  { name: 'known', handler: warmed(0) },
  { name: 'read', handler: warmed(OLD_BOARD_MS) },
  { name: 'told', handler: warmed(OLD_LESSONS_MS) },
];

/** A handler for which so much time passes with each request. */
function warmed(passesMs: number): Handler {
  let skewMs = 0;
  const handler = serve(agent, { config: { ...config, warming }, nowMs: () => Date.now() + skewMs });
  return (...request) => {
    skewMs += passesMs;
    return handler(...request);
  };
}

/** Writes on the board that the model serves, seen so late that it is never out of date. */
export async function writeBoard(): Promise<void> {
  const record: ComponentRecord = {
    observedAtMs: Number.MAX_SAFE_INTEGER,
    copies: 1,
    desiredCopies: 1,
    coldStartMs: 318_000,
  };
  const board = new DynamoBoard({ table: BOARD_TABLE, timeoutMs: 2_000, maxAttempts: 1, isConsistent: true });
  await board.write(componentId(MODEL), record, undefined);
}
