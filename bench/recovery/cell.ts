// In a process of its own. Arguments: bundle of the subject, study, what of it, seed.
import { createRequire } from 'node:module';
import { answer } from '../child.ts';
import type { Task } from './studies.ts';

const [path, study, of, seed] = process.argv.slice(2);
const subject: typeof import('./subject.ts') = createRequire(import.meta.url)(path!);
answer(await subject.measure({ study: study as Task['study'], of: of!, seed: Number(seed) }));
