// In a process of its own. Arguments: bundle of the subject, `decision` or a workload, seeds.
import { createRequire } from 'node:module';
import { answer } from '../child.ts';

const [path, what, ...seeds] = process.argv.slice(2);
const subject: typeof import('./subject.ts') = createRequire(import.meta.url)(path!);
answer(what === 'decision' ? subject.timeDecisions() : subject.measureWorkload(what!, seeds.map(Number)));
