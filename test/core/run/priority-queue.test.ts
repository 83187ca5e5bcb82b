import fc from 'fast-check';
import { PriorityQueue } from '../../../core/run/priority-queue';

/** A number is pushed with itself as priority, `undefined` pops. */
const steps = fc.array(fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }), { maxLength: 200, size: 'max' });

test('the highest priority leaves first, the older of two equals before the younger', () => {
  fc.assert(
    fc.property(steps, (priorities) => {
      const queue = new PriorityQueue<number>();
      const waiting: { item: number; priority: number }[] = [];
      for (const [item, priority] of priorities.entries()) {
        if (priority === undefined) {
          waiting.sort((a, b) => b.priority - a.priority || a.item - b.item);
          expect(queue.pop()).toBe(waiting.shift()?.item);
        } else {
          queue.push(item, priority);
          waiting.push({ item, priority });
        }
        expect(queue.size).toBe(waiting.length);
      }
    }),
  );
});
