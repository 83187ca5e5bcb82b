import * as fc from 'fast-check';
import { earnHedge, NO_HEDGES, spendHedge } from '../../../core/run/hedge';

const POLICY = { afterMs: 1000, budget: 0.1 };
const WARM = { warmCopies: 2, leftMs: 5000 };

const after = (calls: number) =>
  Array.from({ length: calls }).reduce<typeof NO_HEDGES>((b) => earnHedge(b, POLICY), NO_HEDGES);

test('ten calls earn one second try at a budget of a tenth', () => {
  expect(spendHedge(after(9), POLICY, WARM)).toBeUndefined();
  expect(spendHedge(after(11), POLICY, WARM)?.tokens).toBeCloseTo(0.1);
});

test.each([
  ['into a backend with a single copy', { ...WARM, warmCopies: 1 }],
  ['into a cold backend', { ...WARM, warmCopies: 0 }],
  ['with less time left than the first try has taken', { ...WARM, leftMs: 1000 }],
])('no second try is made %s', (_, chance) => {
  expect(spendHedge({ tokens: 5 }, POLICY, chance)).toBeUndefined();
});

test('second tries never exceed their share of the calls, and at most ten come at once', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 2000 }), (slow) => {
      let budget = NO_HEDGES;
      let hedges = 0;
      slow.forEach((isSlow, call) => {
        budget = earnHedge(budget, POLICY);
        const spent = isSlow ? spendHedge(budget, POLICY, WARM) : undefined;
        if (spent) hedges++;
        budget = spent ?? budget;
        expect(hedges).toBeLessThanOrEqual((call + 1) * POLICY.budget + 1e-9);
        expect(budget.tokens).toBeLessThanOrEqual(10);
      });
    }),
    { numRuns: 30 },
  );
});
