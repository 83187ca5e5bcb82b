import type { SetMinimum, TunerAction } from '../../../../core/scale';
import { PolicyLever } from '../../../../sim/experiment/policies/tuner-policy-lever';
import type { Policy } from '../../../../sim/experiment/policy';
import { inferenceComponent8b } from '../../../../sim/world/presets';
import { chain, live, requestsAt } from './cold-chain';

const raise = (copies: number, untilMs?: number): SetMinimum => ({
  type: 'set-minimum',
  component: 'ma',
  copies,
  baseline: 0,
  ...(untilMs !== undefined && { untilMs }),
  reasons: [],
});

/** The minimum after each action, and half an hour after the last. */
function minimaAfter(actions: readonly TunerAction[]): number[] {
  const minima: number[] = [];
  const policy: Policy = ({ world, timeline }) => {
    const { autoscaler } = world.models[0]!;
    const lever = new PolicyLever(autoscaler!, inferenceComponent8b.scaling);
    for (const action of actions) {
      lever.apply(action);
      minima.push(autoscaler!.minCopies);
    }
    timeline.at(30 * 60e6, { act: () => minima.push(autoscaler!.minCopies) });
    return {};
  };
  live(requestsAt([40], 60), policy, { scenario: { agent: chain, objective: { p95Ms: 20_000 } } });
  return minima;
}

test('a minimum is what was set last, also where an earlier one was raised for a time', () => {
  const minute = 60_000;
  expect(minimaAfter([raise(2), raise(4, 10 * minute), raise(3, 15 * minute), raise(1)])).toEqual([2, 4, 3, 1, 1]);
});

test('a raise that ends leaves what another held for a time to that other', () => {
  const endsWhileHeld: SetMinimum = { ...raise(1), baseline: 1 };
  const minima: number[] = [];
  const policy: Policy = ({ world, timeline }) => {
    const { autoscaler } = world.models[0]!;
    const lever = new PolicyLever(autoscaler!, inferenceComponent8b.scaling);
    autoscaler!.raiseMinimum(1, 10 * 60e6);
    lever.apply({ ...raise(3), baseline: 1 });
    minima.push(autoscaler!.minCopies);
    lever.apply(endsWhileHeld);
    minima.push(autoscaler!.minCopies);
    timeline.at(30 * 60e6, { act: () => minima.push(autoscaler!.minCopies) });
    return {};
  };
  live(requestsAt([40], 60), policy, { scenario: { agent: chain, objective: { p95Ms: 20_000 } } });
  expect(minima).toEqual([3, 1, 0]);
});
