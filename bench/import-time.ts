// In a process of its own: loads the bundle that its argument names.
import { createRequire } from 'node:module';
import { answer } from './child.ts';

const require = createRequire(import.meta.url);
const start = performance.now();
require(process.argv[2]!);
answer(performance.now() - start);
