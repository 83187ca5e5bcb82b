// In a process of its own: streams through one engine. Arguments: bundle of the adapter, parts, runs.
import { createRequire } from 'node:module';
import { answer } from '../../child.ts';
import type { StreamEngine } from './adapter.ts';
import { measureStreams } from './measure.ts';

const [path, parts, runs] = process.argv.slice(2);
const { streams }: { streams: StreamEngine } = createRequire(import.meta.url)(path!);
answer(await measureStreams(streams, { parts: Number(parts), runs: Number(runs) }));
