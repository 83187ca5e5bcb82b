// In a process of its own: builds a graph of 10,000 nodes, each with two needs, and checks it.
import * as z from 'zod';
import { graph } from '../../core/graph/index.ts';
import { answer } from '../child.ts';

const NODES = 10_000;

const start = performance.now();
let builder: any = graph('large', { input: z.any() }).compute('n0', [], () => 0);
for (let i = 1; i < NODES; i++) {
  builder = builder.compute(`n${i}`, [...new Set([`n${i - 1}`, `n${i >> 1}`])], () => i);
}
builder.output([`n${NODES - 1}`], () => 0);
answer(performance.now() - start);
