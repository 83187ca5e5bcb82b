import type { ComponentLoad } from '../../../sim/experiment/component-loads';
import { type FixedCopies, usdPerHourOf } from '../../../sim/experiment/fixed-copies';
import { cheaperSplits, fillPaidRoom, fleetsByPrice } from '../../../sim/experiment/paid-room';
import { tiny } from './tiny-scenario';

/** Two planners fit an instance; a writer takes one for itself. */
function loadsOf(planner: number, writer: number): ComponentLoad[] {
  const load = { callsPerRequest: 1, promptTokens: 100, outputTokens: 100 };
  return [
    { ...load, component: 'planner', copySecondsPerRequest: planner },
    { ...load, component: 'writer', copySecondsPerRequest: writer },
  ];
}

function firstFleets(loads: readonly ComponentLoad[], count: number): FixedCopies[] {
  const fleets: FixedCopies[] = [];
  for (const copies of fleetsByPrice(tiny, loads)) {
    if (fleets.push(copies) === count) break;
  }
  return fleets;
}

test('no fleet leaves room on an instance that is paid for: another copy of anything costs more', () => {
  for (const copies of firstFleets(loadsOf(2, 3), 8)) {
    for (const [component, count] of Object.entries(copies)) {
      const more = { ...copies, [component]: count + 1 };
      expect(usdPerHourOf(tiny, more)).toBeGreaterThan(usdPerHourOf(tiny, copies));
    }
  }
});

test('each fleet has all that the one before has, for more money, and the busiest component gets the copy', () => {
  expect(firstFleets(loadsOf(1, 4), 4)).toEqual([
    { planner: 2, writer: 1 },
    { planner: 2, writer: 2 },
    { planner: 2, writer: 3 },
    { planner: 2, writer: 4 },
  ]);
  expect(firstFleets(loadsOf(4, 1), 3)).toEqual([
    { planner: 2, writer: 1 },
    { planner: 4, writer: 1 },
    { planner: 6, writer: 1 },
  ]);
});

test('room goes to the component with the most work per copy of those that fit it', () => {
  // The writer is the busiest, and does not fit the half of an instance that is left.
  expect(fillPaidRoom(tiny, loadsOf(1, 9), { planner: 1, writer: 1 })).toEqual({ planner: 2, writer: 1 });
  const small = { accelerators: 1, vcpus: 16, memoryMiB: 65_536 };
  const { planner, writer } = tiny.world.components;
  const world = { ...tiny.world, components: { planner: planner!, writer: { ...writer!, needs: small } } };
  const copies = { planner: 1, writer: 2 };
  expect(fillPaidRoom({ world }, loadsOf(1, 9), copies)).toEqual({ planner: 1, writer: 3 });
  expect(fillPaidRoom({ world }, loadsOf(9, 1), copies)).toEqual({ planner: 2, writer: 2 });
});

test('what takes no room of an instance is not added without end, and what no request calls not at all', () => {
  const { planner, writer } = tiny.world.components;
  const nothing = { accelerators: 0, vcpus: 0, memoryMiB: 0 };
  const world = { ...tiny.world, components: { planner: { ...planner!, needs: nothing }, writer: writer! } };
  expect(fillPaidRoom({ world }, loadsOf(9, 1), { planner: 1, writer: 1 })).toEqual({ planner: 1, writer: 1 });
  expect(fillPaidRoom(tiny, [], { planner: 1, writer: 1 })).toEqual({ planner: 1, writer: 1 });
});

test('a cheaper split has fewer copies of one component, and the room that this leaves is used', () => {
  const copies = { planner: 4, writer: 2 };
  expect(cheaperSplits(tiny, loadsOf(1, 1), copies)).toEqual([
    { planner: 4, writer: 1 },
    { planner: 2, writer: 2 },
  ]);
  expect(cheaperSplits(tiny, loadsOf(1, 1), { planner: 2, writer: 1 })).toEqual([]);
});
