// In a process of its own. Arguments: bundle of the subject, what to measure, requests, folder of traces.
import { createRequire } from 'node:module';
import { answer } from '../child.ts';

const [path, what, count, traces = ''] = process.argv.slice(2);
const subject: typeof import('./subject.ts') = createRequire(import.meta.url)(path!);
answer(
  what === 'accuracy'
    ? await subject.measureAccuracy(traces)
    : await subject.measureSimulation(what!, Number(count), traces),
);
