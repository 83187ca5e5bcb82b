// In a process of its own, compiled: the table of the board, and a warmer that takes messages. Sends its URL.
import type { AddressInfo } from 'node:net';
import { createAwsEndpoint, LocalAws } from '../../local/aws/index.ts';
import { World, wallClock } from '../../local/world/index.ts';
import { BOARD_TABLE, WARMER } from './warm-names.ts';

const warmer = { type: 'lambda', functionName: WARMER } as const;
const world = new World([{ kind: 'function', backend: warmer, handler: () => {} }], { clock: wallClock() });
const tables = [
  { name: BOARD_TABLE, partitionKey: { name: 'id', type: 'S' }, ttlAttribute: 'expiresAtSeconds' },
] as const;
const server = createAwsEndpoint(new LocalAws(world, { tables }));
server.listen(0, '127.0.0.1', () => {
  process.send!(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.once('disconnect', () => process.exit());
