import * as fc from 'fast-check';
import { Fleet } from '../../../sim/hosting/fleet';
import type { ScaleInModel } from '../../../sim/hosting/fleet-model';
import { randomStream } from '../../../sim/kernel/random';
import { Timeline } from '../../../sim/kernel/timeline';
import { CopyPool, type Request } from '../../../sim/serving/copy-pool';
import { type RoutingStrategy, routerOf } from '../../../sim/serving/router';
import { G6_2XLARGE, inferenceComponent8b } from '../../../sim/world/presets';

const IDLE_RELEASE: ScaleInModel = { strategy: 'IDLE_RELEASE', cooldownMinutes: 5, maxStep: 1 };
const CONSOLIDATION: ScaleInModel = { ...IDLE_RELEASE, strategy: 'CONSOLIDATION' };
const SHORT = { promptTokens: 100, outputTokens: 10 };
const LONG = { promptTokens: 100, outputTokens: 20_000 };

/** Copies of one component on instances that hold two of them, without spread: 260 s on a new instance, 78 s on an old. */
class Bench {
  readonly timeline = new Timeline();
  readonly fleet: Fleet;
  readonly pool: CopyPool;
  answers = 0;
  /** Requests that were taken and neither answered nor taken back. */
  readonly open = new Set<Request>();

  constructor(
    scaleIn = IDLE_RELEASE,
    routing: RoutingStrategy = 'LEAST_OUTSTANDING_REQUESTS',
    maxConcurrencyPerCopy = 4,
  ) {
    const instance = { ...G6_2XLARGE, provisionVariation: 0, accelerators: 2, memoryMiB: 65_536 };
    const model = { instances: [instance], minInstances: 0, maxInstances: 3, scaleIn };
    this.fleet = new Fleet(model, this.timeline, randomStream(1, 'gpu', 'instances'));
    const coldStart = { ...inferenceComponent8b.coldStart, variation: 0 };
    const pooled = { ...inferenceComponent8b, coldStart, maxConcurrencyPerCopy };
    const random = randomStream(1, 'writer', 'cold-start');
    this.pool = new CopyPool('writer', pooled, this.fleet, routerOf(routing), this.timeline, random);
  }

  advance(seconds: number): void {
    this.timeline.advanceTo(this.timeline.nowUs + seconds * 1e6);
  }

  /** Advances so that nothing happens between two looks. */
  watch(seconds: number, look: (forUs: number) => void): void {
    const untilUs = this.timeline.nowUs + seconds * 1e6;
    while (this.timeline.nowUs < untilUs) {
      const nextUs = Math.min(untilUs, this.timeline.nextAtUs);
      look(nextUs - this.timeline.nowUs);
      this.timeline.advanceTo(nextUs);
    }
  }

  call(work = SHORT, key = 0.5): Request | string {
    const admission = this.pool.admit();
    const request = this.pool.submit(
      work,
      {
        onDone: () => {
          this.answers++;
          // Were it answered twice, or after it was taken back, it would not be there.
          expect(typeof request !== 'string' && this.open.delete(request)).toBe(true);
        },
      },
      key,
    );
    expect(typeof request === 'string' ? request : 'admitted').toBe(admission);
    if (typeof request !== 'string') this.open.add(request);
    return request;
  }

  cancel(at: number): void {
    const request = [...this.open][at % Math.max(1, this.open.size)];
    request?.cancel();
    if (request) this.open.delete(request);
  }

  count(...statuses: string[]): number {
    return this.pool.states.filter(({ status }) => statuses.includes(status)).length;
  }

  get concurrencies(): number[] {
    return this.pool.states.map((state) => ('concurrency' in state ? state.concurrency : 0));
  }
}

type Action =
  | { readonly kind: 'call'; readonly isLong: boolean; readonly key: number }
  | { readonly kind: 'cancel'; readonly at: number }
  | { readonly kind: 'desired'; readonly count: number }
  | { readonly kind: 'wait'; readonly seconds: number };

const action = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('call'),
      isLong: fc.boolean(),
      key: fc.double({ min: 0, max: 0.999, noNaN: true }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel'), at: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('desired'), count: fc.nat(8) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait'), seconds: fc.constantFrom(0.1, 1, 60, 300) }) },
) as fc.Arbitrary<Action>;
const actions = fc.array(action, { minLength: 5, maxLength: 50 });
const scaleIns = fc.constantFrom(IDLE_RELEASE, CONSOLIDATION);
const routings = fc.constantFrom<RoutingStrategy>('RANDOM', 'LEAST_OUTSTANDING_REQUESTS');

function act(bench: Bench, action: Action): void {
  if (action.kind === 'call') bench.call(action.isLong ? LONG : SHORT, action.key);
  else if (action.kind === 'cancel') bench.cancel(action.at);
  else if (action.kind === 'desired') bench.pool.setDesired(action.count);
  else bench.advance(action.seconds);
}

test('whatever is done to it, no request is lost or answered twice, and none is more than a copy takes', () => {
  fc.assert(
    fc.property(actions, scaleIns, routings, (sequence, scaleIn, routing) => {
      const bench = new Bench(scaleIn, routing);
      bench.pool.setDesired(1);
      bench.advance(300);
      for (const each of sequence) {
        act(bench, each);
        const { concurrencies } = bench;
        expect(bench.pool.concurrency).toBe(bench.open.size);
        expect(concurrencies.reduce((sum, count) => sum + count, 0)).toBe(bench.open.size);
        expect(Math.max(0, ...concurrencies)).toBeLessThanOrEqual(4);
        expect(bench.fleet.instanceCount).toBeLessThanOrEqual(3);
      }
      bench.pool.setDesired(0);
      bench.advance(7200);
      expect([bench.open.size, bench.pool.concurrency, bench.pool.states]).toEqual([0, 0, []]);
      expect(bench.fleet.instanceCount).toBe(0);
    }),
    { numRuns: 50 },
  );
});

test('copies in service, starting and waiting are as many as desired, and all that have room serve in the end', () => {
  fc.assert(
    fc.property(actions, scaleIns, (sequence, scaleIn) => {
      const bench = new Bench(scaleIn);
      for (const each of sequence) {
        act(bench, each);
        const { pool } = bench;
        const moving = scaleIn === CONSOLIDATION ? bench.count('starting', 'pending') : 0;
        const copies = bench.count('in-service', 'starting', 'pending');
        expect(copies).toBeGreaterThanOrEqual(pool.desired);
        expect(copies).toBeLessThanOrEqual(pool.desired + moving);
        expect(bench.count('in-service')).toBe(pool.inService);
      }
      bench.watch(7200, () => {});
      expect(bench.count('draining')).toBe(0);
      expect(bench.pool.inService).toBe(Math.min(bench.pool.desired, 6));
      expect(bench.count('pending')).toBe(Math.max(0, bench.pool.desired - 6));
    }),
    { numRuns: 50 },
  );
});

test('the load since the last look is the integral of the concurrency, and its peak', () => {
  fc.assert(
    fc.property(actions, (sequence) => {
      const bench = new Bench();
      bench.pool.setDesired(2);
      bench.advance(300);
      bench.pool.takeLoad();
      let integral = 0;
      let peak = 0;
      const beginUs = bench.timeline.nowUs;
      for (const each of sequence) {
        if (each.kind === 'wait') {
          bench.watch(each.seconds, (forUs) => {
            integral += forUs * bench.pool.concurrency;
          });
        } else {
          act(bench, each);
        }
        peak = Math.max(peak, bench.pool.concurrency);
      }
      const load = bench.pool.takeLoad();
      const us = bench.timeline.nowUs - beginUs;
      expect(load.average).toBeCloseTo(us > 0 ? integral / us : bench.pool.concurrency, 9);
      expect(load.peak).toBe(peak);
      expect(bench.pool.takeLoad()).toEqual({ average: bench.pool.concurrency, peak: bench.pool.concurrency });
    }),
    { numRuns: 30 },
  );
});

test('random routing does not overfill one copy while another has room', () => {
  const bench = new Bench(IDLE_RELEASE, 'RANDOM', 1);
  bench.pool.setDesired(2);
  bench.advance(300);
  expect([bench.call(LONG, 0.1), bench.call(LONG, 0.1)].some((taken) => typeof taken === 'string')).toBe(false);
  expect(bench.concurrencies).toEqual([1, 1]);
  expect(bench.call(LONG, 0.1)).toBe('throttled');
});

test('the first copy to serve is announced', () => {
  const bench = new Bench();
  expect(bench.pool.nextReadyAtUs).toBe(Infinity);
  bench.pool.setDesired(1);
  const readyAtUs = bench.pool.nextReadyAtUs;
  bench.timeline.advanceTo(readyAtUs - 1);
  expect(bench.pool.inService).toBe(0);
  bench.timeline.advanceTo(readyAtUs);
  expect([bench.pool.inService, bench.pool.nextReadyAtUs]).toEqual([1, Infinity]);
});

describe('a copy that its host wants elsewhere', () => {
  /** Two copies, each alone with a long call on an instance that holds two. */
  function spread(): Bench {
    const bench = new Bench(CONSOLIDATION);
    bench.pool.setDesired(4);
    bench.advance(299);
    for (let at = 0; at < 4; at++) bench.call(LONG);
    // Copies take calls in turn: the first of each instance has none now, and goes.
    bench.cancel(2);
    bench.cancel(0);
    bench.pool.setDesired(2);
    return bench;
  }

  test('serves until the other does, and its calls are answered', () => {
    const bench = spread();
    const taken = bench.open.size;
    bench.watch(1800, () => expect(bench.pool.inService).toBeGreaterThanOrEqual(2));
    expect([bench.answers, bench.fleet.instanceCount, bench.pool.states.length]).toEqual([taken, 1, 2]);
  });

  test('is the one that goes if one has to meanwhile, with the one that was to replace it', () => {
    const bench = spread();
    for (let minute = 0; minute < 30 && bench.count('starting') === 0; minute++) bench.advance(30);
    expect([bench.count('in-service'), bench.count('starting'), bench.fleet.instanceCount]).toEqual([2, 1, 2]);
    bench.pool.setDesired(1);
    expect([bench.count('in-service'), bench.count('starting')]).toEqual([1, 0]);
    bench.advance(3600);
    expect([bench.fleet.instanceCount, bench.pool.states]).toEqual([1, [{ status: 'in-service', concurrency: 0 }]]);
  });
});
