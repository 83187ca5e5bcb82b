import * as fc from 'fast-check';
import { Fleet } from '../../../sim/hosting/fleet';
import type { FleetModel } from '../../../sim/hosting/fleet-model';
import type { ComputeNeeds, Place } from '../../../sim/hosting/host';
import { randomStream } from '../../../sim/kernel/random';
import { Timeline } from '../../../sim/kernel/timeline';
import { G6_2XLARGE } from '../../../sim/world/presets';

const SMALL = { ...G6_2XLARGE, type: 'small', accelerators: 1, provisionVariation: 0, pricePerHourUsd: 1 };
const LARGE = { ...G6_2XLARGE, type: 'large', accelerators: 4, vcpus: 32, memoryMiB: 131_072, pricePerHourUsd: 3 };
const FLEET: FleetModel = {
  instances: [{ ...LARGE, provisionVariation: 0 }],
  minInstances: 0,
  maxInstances: 3,
  scaleIn: { strategy: 'IDLE_RELEASE', cooldownMinutes: 10, maxStep: 100 },
};
const CONSOLIDATION = { ...FLEET.scaleIn, strategy: 'CONSOLIDATION' } as const;

/** A share of a large instance. */
const needing = (accelerators: number): ComputeNeeds => ({
  accelerators,
  vcpus: 4 * accelerators,
  memoryMiB: 16_384 * accelerators,
});

interface Held {
  readonly needs: ComputeNeeds;
  place: Place | undefined;
  withdraw: () => void;
}

class Bench {
  readonly timeline = new Timeline();
  readonly fleet: Fleet;
  /** Asked for and not given back. */
  readonly held: Held[] = [];
  instanceUs = 0;

  constructor(model: Partial<FleetModel> = {}, seed = 1) {
    this.fleet = new Fleet({ ...FLEET, ...model }, this.timeline, randomStream(seed, 'gpu', 'instances'));
  }

  ask(accelerators: number): Held {
    const held: Held = { needs: needing(accelerators), place: undefined, withdraw: () => {} };
    this.held.push(held);
    held.withdraw = this.fleet.place(`of ${accelerators}`, held.needs, (place) => this.#receive(held, place));
    return held;
  }

  /** As a component does: another copy first, and then this one goes. */
  #receive(held: Held, place: Place): void {
    held.place = place;
    place.inService();
    place.onEvict(() => {
      const replacement = this.ask(held.needs.accelerators);
      if (replacement.place) this.giveBack(held);
    });
  }

  giveBack(held: Held): void {
    this.held.splice(this.held.indexOf(held), 1);
    if (held.place) held.place.leave();
    else held.withdraw();
  }

  /** Minutes, and what is billed meanwhile. */
  advance(minutes: number): void {
    const untilUs = this.timeline.nowUs + Math.round(minutes * 60e6);
    while (this.timeline.nowUs < untilUs) {
      const nextUs = Math.min(untilUs, this.timeline.nextAtUs);
      this.instanceUs += this.fleet.instanceCount * (nextUs - this.timeline.nowUs);
      this.timeline.advanceTo(nextUs);
    }
  }

  get placed(): number {
    return this.held.filter(({ place }) => place !== undefined).length;
  }

  /** Accelerators that copies take of each instance, told apart by the moment at which it was up. */
  get loads(): number[] {
    const loads = new Map<number, number>();
    for (const { needs, place } of this.held) {
      if (place) loads.set(place.upAtUs, (loads.get(place.upAtUs) ?? 0) + needs.accelerators);
    }
    return [...loads.values()];
  }
}

const actions = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ ask: fc.integer({ min: 1, max: 4 }) }) },
    { weight: 2, arbitrary: fc.record({ giveBack: fc.nat(20) }) },
    { weight: 2, arbitrary: fc.record({ minutes: fc.constantFrom(0.5, 1, 3, 12, 40) }) },
  ),
  { minLength: 5, maxLength: 50 },
);
const models = fc.record({
  minInstances: fc.nat(2),
  maxInstances: fc.integer({ min: 2, max: 4 }),
  scaleIn: fc.record({
    strategy: fc.constantFrom('IDLE_RELEASE' as const, 'CONSOLIDATION' as const),
    cooldownMinutes: fc.constantFrom(5, 20),
    maxStep: fc.integer({ min: 1, max: 3 }),
  }),
  // Each instance is up at a moment of its own.
  instances: fc.constantFrom([{ ...LARGE, provisionVariation: 0.3 }], [{ ...LARGE, insufficientCapacity: 0.3 }]),
});

test('whatever is asked of it, a fleet keeps to its instances and its limits, and bills what it has', () => {
  fc.assert(
    fc.property(actions, models, (sequence, model) => {
      const bench = new Bench(model);
      for (const action of sequence) {
        if ('ask' in action) bench.ask(action.ask);
        else if ('minutes' in action) bench.advance(action.minutes);
        else if (bench.held.length > 0) bench.giveBack(bench.held[action.giveBack % bench.held.length]!);

        const { instanceCount } = bench.fleet;
        expect(instanceCount).toBeGreaterThanOrEqual(model.minInstances);
        expect(instanceCount).toBeLessThanOrEqual(model.maxInstances);
        // Instances of the beginning are all up at 0.
        if (model.minInstances < 2) expect(Math.max(0, ...bench.loads)).toBeLessThanOrEqual(4);
        expect(bench.loads.reduce((sum, load) => sum + load, 0)).toBeLessThanOrEqual(4 * instanceCount);
        expect(bench.loads.length).toBeLessThanOrEqual(instanceCount);
      }
      const { nowUs } = bench.timeline;
      expect(bench.fleet.instanceHours(0, nowUs)).toBeCloseTo(bench.instanceUs / 3600e6, 9);
      expect(bench.fleet.costUsd(0, nowUs)).toBeCloseTo((3 * bench.instanceUs) / 3600e6, 9);
      const middleUs = Math.round(nowUs / 3);
      const { fleet } = bench;
      expect(fleet.costUsd(0, middleUs) + fleet.costUsd(middleUs, nowUs)).toBeCloseTo(fleet.costUsd(0, nowUs), 9);
    }),
    { numRuns: 50 },
  );
});

test('no copy waits while there is room for it, or an instance could still be had', () => {
  fc.assert(
    fc.property(actions, (sequence) => {
      const bench = new Bench();
      for (const action of sequence) {
        if ('ask' in action) bench.ask(action.ask);
        else if ('minutes' in action) bench.advance(action.minutes);
        else if (bench.held.length > 0) bench.giveBack(bench.held[action.giveBack % bench.held.length]!);
      }
      const waiting = bench.held.filter(({ place }) => place === undefined);
      if (waiting.length > 0) expect(bench.fleet.instanceCount).toBe(3);
      for (const held of [...bench.held]) bench.giveBack(held);
      const all = [4, 4, 4].map((accelerators) => bench.ask(accelerators));
      expect(all.every(({ place }) => place !== undefined)).toBe(true);
    }),
    { numRuns: 30 },
  );
});

test('a copy goes onto the fullest instance with room, and only without any is there another instance', () => {
  const bench = new Bench();
  for (const accelerators of [3, 2, 2, 1]) bench.ask(accelerators);
  expect([bench.fleet.instanceCount, bench.placed]).toEqual([2, 4]);
  bench.ask(1);
  expect(bench.fleet.instanceCount).toBe(3);
});

test('at the maximum copies wait, and the one that fits gets the room that comes free, whoever asked first', () => {
  const bench = new Bench({ maxInstances: 1 });
  const holders = [bench.ask(2), bench.ask(2)];
  const large = bench.ask(4);
  const small = bench.ask(1);
  expect([large.place, small.place]).toEqual([undefined, undefined]);
  bench.giveBack(holders[0]!);
  expect([large.place !== undefined, small.place !== undefined]).toEqual([false, true]);
  bench.giveBack(holders[1]!);
  bench.giveBack(small);
  expect(large.place).toBeDefined();
});

test('a request that is taken back is never met', () => {
  const bench = new Bench({ maxInstances: 1 });
  const holder = bench.ask(4);
  const given = bench.ask(4);
  bench.giveBack(given);
  bench.giveBack(holder);
  expect(given.place).toBeUndefined();
});

test('images and weights of a component are on the instance that it served on, for the next of the same', () => {
  const bench = new Bench();
  expect(bench.ask(1).place).toMatchObject({ hasImage: true, hasWeights: false, upAtUs: 105e6 });
  expect(bench.ask(1).place).toMatchObject({ hasWeights: true });
  expect(bench.ask(2).place).toMatchObject({ hasWeights: false });
});

describe('without capacity', () => {
  const starved = { ...SMALL, insufficientCapacity: 1 };

  test('the next type that the copy fits is asked after the timeout', () => {
    const types = [{ ...LARGE, insufficientCapacity: 1 }, SMALL, { ...LARGE, pricePerHourUsd: 5 }];
    const bench = new Bench({ instances: types, provisionTimeoutSeconds: 120 });
    const held = bench.ask(2);
    bench.advance(1.99);
    expect([bench.fleet.refusals, bench.fleet.instanceCount]).toEqual([1, 0]);
    bench.advance(0.02);
    expect(held.place).toBeDefined();
    bench.advance(60);
    expect(
      bench.fleet.costUsd(0, bench.timeline.nowUs) / bench.fleet.instanceHours(0, bench.timeline.nowUs),
    ).toBeCloseTo(5);
  });

  test('after the last type the first is tried again, for as long as someone waits', () => {
    const bench = new Bench({ instances: [starved] });
    const held = bench.ask(1);
    bench.advance(26);
    expect(bench.fleet.refusals).toBe(6);
    bench.giveBack(held);
    bench.advance(60);
    expect([bench.fleet.refusals, bench.fleet.instanceCount]).toEqual([6, 0]);
    expect(bench.timeline.nextAtUs).toBe(Infinity);
  });
});

describe('an empty instance', () => {
  test('goes after the cooldown, unless a copy comes before', () => {
    const bench = new Bench();
    const first = bench.ask(4);
    bench.advance(30);
    bench.giveBack(first);
    bench.advance(9);
    const second = bench.ask(4);
    bench.advance(30);
    expect(bench.fleet.instanceCount).toBe(1);
    bench.giveBack(second);
    bench.advance(9.9);
    expect(bench.fleet.instanceCount).toBe(1);
    bench.advance(0.2);
    expect(bench.fleet.instanceCount).toBe(0);
  });

  test('goes with as many others as a step takes, a cooldown apart, down to the minimum', () => {
    const bench = new Bench({ maxInstances: 6, minInstances: 1, scaleIn: { ...FLEET.scaleIn, maxStep: 2 } });
    const held = Array.from({ length: 6 }, () => bench.ask(4));
    bench.advance(30);
    for (const each of held) bench.giveBack(each);
    const counts = [9.9, 0.2, 9.7, 0.4, 9.5, 0.5, 60].map((minutes) => {
      bench.advance(minutes);
      return bench.fleet.instanceCount;
    });
    expect(counts).toEqual([6, 4, 4, 2, 2, 1, 1]);
  });

  test('that goes makes way for a copy that fits another type', () => {
    const bench = new Bench({ instances: [SMALL, LARGE], maxInstances: 1 });
    const small = bench.ask(1);
    const large = bench.ask(4);
    bench.advance(20);
    bench.giveBack(small);
    bench.advance(20);
    expect(large.place).toBeDefined();
  });
});

describe('consolidation', () => {
  /** Two instances with half their room: the copies of 2 that stay. */
  function halfEmpty(): Bench {
    const bench = new Bench({ scaleIn: CONSOLIDATION, instances: [LARGE] });
    const held = [2, 2, 2, 2].map((accelerators) => bench.ask(accelerators));
    bench.advance(3);
    bench.giveBack(held[0]!);
    bench.giveBack(held[2]!);
    return bench;
  }

  test('empties an instance whose copies fit elsewhere, and lets it go', () => {
    const bench = halfEmpty();
    expect(bench.loads).toEqual([2, 2]);
    bench.advance(11);
    expect(bench.loads).toEqual([4]);
    bench.advance(20);
    expect([bench.fleet.instanceCount, bench.placed]).toEqual([1, 2]);
  });

  test('leaves copies that fit nowhere else, or only on an empty instance, where they are', () => {
    const bench = new Bench({ scaleIn: CONSOLIDATION, maxInstances: 2 });
    const held = [bench.ask(3), bench.ask(3)];
    const places = held.map(({ place }) => place);
    bench.advance(120);
    expect(held.map(({ place }) => place)).toEqual(places);
    bench.giveBack(held[1]!);
    bench.advance(120);
    expect([held[0]!.place, bench.fleet.instanceCount]).toEqual([places[0], 1]);
    expect(bench.held).toContain(held[0]);
  });

  test('does not empty more instances than may go', () => {
    const bench = new Bench({ scaleIn: CONSOLIDATION, minInstances: 2, maxInstances: 3 });
    const held = [3, 3, 3, 1].map((accelerators) => bench.ask(accelerators));
    bench.advance(3);
    bench.giveBack(held[0]!);
    bench.giveBack(held[1]!);
    bench.giveBack(held[2]!);
    bench.advance(300);
    expect(bench.fleet.instanceCount).toBe(2);
    expect([bench.ask(4), bench.ask(3)].every(({ place }) => place !== undefined)).toBe(true);
    expect(bench.fleet.instanceCount).toBe(2);
  });
});

test('copies of the beginning do not take a fleet beyond its maximum', () => {
  const bench = new Bench({ maxInstances: 1 });
  bench.fleet.placeStarted('writer', needing(4));
  expect(() => bench.fleet.placeStarted('writer', needing(4))).toThrow(
    'the first copies of writer fit onto no instance, and the fleet is at its maxInstances, 1',
  );
});

test('a copy that fits no instance of the fleet is an error that says what it needs', () => {
  expect(() => new Bench().ask(8)).toThrow(/needs .*"accelerators":8.* fits no instance of the fleet/);
});
