import type { ComponentLoad } from './component-loads';
import { type FixedCopies, isAtLeast, usdPerHourOf } from './fixed-copies';
import type { Scenario } from './scenario';

/**
 * Without end, from one copy of each component on, as a static fleet has no other way to answer: each is the one before
 * with a copy more of the component that has the most work per copy, and leaves no room on the instances that it pays for.
 */
export function* fleetsByPrice(
  scenario: Pick<Scenario, 'world'>,
  loads: readonly ComponentLoad[],
): Generator<FixedCopies> {
  const fixed = Object.entries(scenario.world.components).filter(([, { kind }]) => kind === 'inference-component');
  let copies: FixedCopies = Object.fromEntries(fixed.map(([name]) => [name, 1]));
  for (;;) {
    copies = fillPaidRoom(scenario, loads, copies);
    yield copies;
    const [busiest] = byWorkPerCopy(loads, copies);
    if (!busiest) return;
    copies = withOneMore(copies, busiest);
  }
}

/** Adds copies for as long as the instances cost no more, each of the component with the most work per copy that fits. */
export function fillPaidRoom(
  scenario: Pick<Scenario, 'world'>,
  loads: readonly ComponentLoad[],
  copies: FixedCopies,
): FixedCopies {
  const paidUsd = usdPerHourOf(scenario, copies);
  let filled = copies;
  for (;;) {
    const fitting = byWorkPerCopy(loads, filled)
      .filter(({ component }) => takesRoom(scenario, component))
      .map((load) => withOneMore(filled, load))
      .find((more) => isAtLeast(paidUsd, usdPerHourOf(scenario, more)));
    if (!fitting) return filled;
    filled = fitting;
  }
}

/** Fleets with so many copies of one component less that fewer instances do; what room that leaves is filled. */
export function cheaperSplits(
  scenario: Pick<Scenario, 'world'>,
  loads: readonly ComponentLoad[],
  copies: FixedCopies,
): FixedCopies[] {
  const usd = usdPerHourOf(scenario, copies);
  return byWorkPerCopy(loads, copies).flatMap((load) => {
    for (let fewer = copies[load.component]! - 1; fewer >= 1; fewer--) {
      const split = { ...copies, [load.component]: fewer };
      if (!isAtLeast(usdPerHourOf(scenario, split), usd)) return [fillPaidRoom(scenario, loads, split)];
    }
    return [];
  });
}

/** Of the components that have fixed copies, the busiest first. */
export function byWorkPerCopy(loads: readonly ComponentLoad[], copies: FixedCopies): ComponentLoad[] {
  const workPerCopy = ({ component, copySecondsPerRequest }: ComponentLoad) =>
    copySecondsPerRequest / copies[component]!;
  return loads
    .filter(({ component }) => copies[component] !== undefined)
    .sort((a, b) => workPerCopy(b) - workPerCopy(a));
}

/** Of what takes none, there would be no end of copies for nothing. */
function takesRoom({ world }: Pick<Scenario, 'world'>, component: string): boolean {
  const model = world.components[component];
  return model?.kind === 'inference-component' && Object.values(model.needs).some((needed) => needed > 0);
}

const withOneMore = (copies: FixedCopies, { component }: ComponentLoad): FixedCopies => ({
  ...copies,
  [component]: copies[component]! + 1,
});
