// In a process of its own: runs one DAG on one engine. Arguments: bundle of the adapter, DAG, warm-up runs, timed runs.
import { createRequire } from 'node:module';
import { setImmediate } from 'node:timers/promises';
import { answer } from './child.ts';
import { checksumOf, DAGS } from './dags.ts';
import type { Prepare, Run } from './engines/adapter.ts';

const [path, dagId, warmUps, runs] = process.argv.slice(2);
const { prepare }: { prepare: Prepare } = createRequire(import.meta.url)(path!);
const dag = DAGS.find(({ id }) => id === dagId)!;
const checksum = checksumOf(dag);
const run = await prepare(dag);

for (let i = 0; i < Number(warmUps); i++) await timed(run);
const samplesMs: number[] = [];
for (let i = 0; i < Number(runs); i++) samplesMs.push(await timed(run));
answer(samplesMs);

async function timed(run: Run): Promise<number> {
  const start = performance.now();
  const sum = await run();
  const ms = performance.now() - start;
  if (sum !== checksum) throw new Error(`wrong checksum: ${sum}, expected: ${checksum}`);
  // What a run left to do must not count for the next one.
  await setImmediate();
  return ms;
}
