// In a process of its own. Arguments: bundle of the subject, URL of the stack, components, ticks, time of the first tick.
import { createRequire } from 'node:module';
import { answer } from '../child.ts';

const [path, url, components, ticks, beginMs] = process.argv.slice(2);
const subject: typeof import('./subject.ts') = createRequire(import.meta.url)(path!);
answer(await subject.measureTicks(url!, Number(components), Number(ticks), Number(beginMs)));
