// In a process of its own: plans of one size. Arguments: bundle of the subject, tasks, runs.
import { createRequire } from 'node:module';
import { answer } from '../child.ts';

const [path, tasks, runs] = process.argv.slice(2);
const subject: typeof import('./planner.ts') = createRequire(import.meta.url)(path!);
answer(await subject.measurePlanner(Number(tasks), Number(runs)));
