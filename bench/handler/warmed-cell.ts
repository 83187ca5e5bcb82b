// In a process of its own, compiled: serves requests with and without warming, in turn.
// Arguments: the bundle of the agents, how many requests of each. Sends `WarmedServed`.
import { createRequire } from 'node:module';
import type { Handler } from '../../lambda/orchestrator/index.ts';
import { answer } from '../child.ts';
import { serveOnce, timed } from './requests.ts';

/**
 * One agent with warming off, and with what a request may find:
 *
 * - `known`: the board was read within the last five seconds
 * - `read`: it was not, and is read
 * - `told`: it is read, and a minute has passed since the warmer was told what runs teach
 */
export type WarmedName = 'off' | 'known' | 'read' | 'told';

/** How long each request took; those of one position were served one after another. */
export type WarmedServed = Readonly<Record<WarmedName, readonly number[]>>;

export interface WarmedAgent {
  readonly name: WarmedName;
  readonly handler: Handler;
}

const WARM_UPS = 200;

async function main([, script, path, count]: readonly string[]): Promise<WarmedServed> {
  const { agents, writeBoard }: typeof import('./warmed-agents.ts') = createRequire(script!)(path!);
  await writeBoard();
  const served: Record<WarmedName, number[]> = { off: [], known: [], read: [], told: [] };
  for (let i = 0; i < WARM_UPS + Number(count); i++) {
    // Each goes first as often as the others, for what one leaves behind the next may have to clear away.
    for (let turn = 0; turn < agents.length; turn++) {
      const { name, handler } = agents[(i + turn) % agents.length]!;
      const tookMs = await timed(() => serveOnce(handler));
      if (i >= WARM_UPS) served[name].push(tookMs);
    }
  }
  return served;
}

void main(process.argv).then(answer);
