import * as fc from 'fast-check';
import { Sequence } from '../../../sim/serving/sequence';
import { WaitingLine } from '../../../sim/serving/waiting-line';

const steps = fc.array(
  fc.oneof(
    fc.constant({ does: 'push' } as const),
    fc.constant({ does: 'push-front' } as const),
    fc.record({ does: fc.constant('remove' as const), which: fc.nat(30) }),
  ),
  { maxLength: 60 },
);

test('whoever comes, comes back or gives up, the others wait in their order, as in an array', () => {
  fc.assert(
    fc.property(steps, (program) => {
      const line = new WaitingLine();
      const known: Sequence[] = [];
      let waiting: Sequence[] = [];
      for (const step of program) {
        if (step.does === 'remove') {
          const sequence = known[step.which];
          if (sequence === undefined) continue;
          expect(line.remove(sequence)).toBe(waiting.includes(sequence));
          waiting = waiting.filter((other) => other !== sequence);
        } else {
          const sequence = new Sequence({ promptTokens: 1, outputTokens: 1 }, 0);
          known.push(sequence);
          if (step.does === 'push') line.push(sequence);
          else line.pushFront(sequence);
          waiting = step.does === 'push' ? [...waiting, sequence] : [sequence, ...waiting];
        }
        expect([line.size, line.head === waiting[0]]).toEqual([waiting.length, true]);
      }
      for (const sequence of waiting) {
        expect(line.head === sequence).toBe(true);
        line.remove(sequence);
      }
      expect([line.size, line.head]).toEqual([0, undefined]);
    }),
    { numRuns: 50 },
  );
});

test('one that has left may come again', () => {
  const line = new WaitingLine();
  const [first, second] = [1, 2].map((outputTokens) => new Sequence({ promptTokens: 1, outputTokens }, 0));
  line.push(first!);
  line.push(second!);
  line.remove(first!);
  line.pushFront(first!);
  expect(line.head).toBe(first);
  line.remove(first!);
  expect(line.head).toBe(second);
});
