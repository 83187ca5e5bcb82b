import type { Spending } from '../component-call';

/** A part of what a run may cost: what is spent of it is spent of the run. Whichever of the two is nearer its end counts. */
export function spendingWithin(run: Spending, costUsd = Infinity): Spending {
  let planUsd = 0;
  const isRunShorter = () => run.budgetUsd - run.spentUsd <= costUsd - planUsd;
  return {
    get of() {
      return isRunShorter() ? run.of : 'plan';
    },
    get budgetUsd() {
      return isRunShorter() ? run.budgetUsd : costUsd;
    },
    get spentUsd() {
      return isRunShorter() ? run.spentUsd : planUsd;
    },
    set spentUsd(spentUsd) {
      const moreUsd = spentUsd - this.spentUsd;
      planUsd += moreUsd;
      run.spentUsd += moreUsd;
    },
  };
}
