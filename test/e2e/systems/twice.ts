import { graph } from 'cdk-compound-inference/graph';
import { z } from 'zod';

/** A graph that its module exports under two names. */
export const twice = graph('twice', { input: z.object({}) })
  .compute('one', [], () => 1)
  .output(['one'], ({ one }) => one);

export default twice;
