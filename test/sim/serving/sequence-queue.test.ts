import * as fc from 'fast-check';
import { Sequence } from '../../../sim/serving/sequence';
import { SequenceQueue } from '../../../sim/serving/sequence-queue';

function sequenceDoneAt(step: number): Sequence {
  const sequence = new Sequence({ promptTokens: 1, outputTokens: 1 }, 0);
  sequence.doneAtStep = step;
  return sequence;
}

test('sequences come out by the step at which they are done, also after some were taken out', () => {
  const steps = fc.array(fc.record({ step: fc.nat(30), isRemoved: fc.boolean() }), { maxLength: 40 });
  fc.assert(
    fc.property(steps, (entries) => {
      const queue = new SequenceQueue();
      const sequences = entries.map(({ step }) => sequenceDoneAt(step));
      for (const sequence of sequences) queue.push(sequence);
      sequences.forEach((sequence, at) => {
        if (entries[at]!.isRemoved) queue.remove(sequence);
      });

      const left = sequences.filter((_, at) => !entries[at]!.isRemoved);
      expect(queue.size).toBe(left.length);
      const out = left.map(() => queue.pop()!);
      expect(out.map(({ doneAtStep }) => doneAtStep)).toEqual(
        left.map(({ doneAtStep }) => doneAtStep).toSorted((a, b) => a - b),
      );
      expect(new Set(out)).toEqual(new Set(left));
      expect([queue.pop(), queue.peek(), queue.size]).toEqual([undefined, undefined, 0]);
    }),
    { numRuns: 50 },
  );
});
