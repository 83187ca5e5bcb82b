import * as fc from 'fast-check';
import { MINUTE_MS } from '../../core/time-units';
import type { OpenRun, WarmerConfig } from '../../core/warm';
import type { Board } from '../../lambda/warm-board/board';
import type { ControlPlane } from '../../lambda/warmer/control-plane';
import { Warmer } from '../../lambda/warmer/warmer';
import { VirtualClock } from '../../sim/kernel/virtual-clock';
import { MemoryBoard } from '../lambda/warm-board/memory-board';
import { configOf, keyOf } from '../lambda/warmer/warm-stack';

const NAMES = ['planner', 'writer'];
const START_MS = 100_000;
const MAXIMUM = 3;

/** Of one operation. */
const MAX_TURNS = 100;

interface Capacity {
  hasTarget: boolean;
  minimum: number;
  desired: number;
  readyAtMs: number;
  /** How often the warmer set it. */
  changes: number;
}

/** What an invocation meets: each operation may be its last, before or after it took effect, or fail and go on. */
interface Trouble {
  readonly at: number;
  readonly kind: 'dies before' | 'dies after' | 'refused' | 'answer lost';
}

interface InvokeOptions {
  readonly trouble?: Trouble;
  readonly isEnabled?: boolean;
  readonly turns?: readonly number[];
}

class Died extends Error {}

/** A cloud without a network, in which anything may go wrong at any operation. */
class Cloud {
  readonly clock = new VirtualClock();
  readonly board = new MemoryBoard();
  readonly capacities: Record<string, Capacity>;
  #runs = 0;

  constructor(found: number, hasTarget: boolean) {
    this.capacities = Object.fromEntries(
      NAMES.map((name) => [name, { hasTarget, minimum: found, desired: found, readyAtMs: 0, changes: 0 }]),
    );
  }

  nowMs = () => 1_000_000_000 + this.clock.now();

  /** @param turns that each operation takes, of several invocations at once */
  async invoke(type: 'entry' | 'tick', config: WarmerConfig, options: InvokeOptions = {}): Promise<void> {
    const { trouble, isEnabled = true, turns = [] } = options;
    let operations = 0;
    let isDead = false;
    const operate = async <T>(work: () => T | Promise<T>): Promise<T> => {
      await pass(turns[operations % turns.length] ?? 0);
      if (isDead) throw new Died();
      const isTrouble = ++operations === trouble?.at;
      if (isTrouble && trouble.kind === 'dies before') isDead = true;
      if (isTrouble && trouble.kind === 'refused') throw new Error('refused');
      if (isDead) throw new Died();
      const result = await work();
      if (isTrouble && trouble.kind === 'dies after') isDead = true;
      if (isTrouble && trouble.kind === 'answer lost') throw new Error('lost');
      if (isDead) throw new Died();
      return result;
    };
    const warmer = new Warmer({
      config,
      board: troubled(this.board, operate),
      plane: troubled(this.#plane(), operate),
      call: () => Promise.reject(new Error('never called')),
      time: { nowMs: this.nowMs, pause: (ms) => this.#pause(ms) },
      log: () => {},
      isEnabled,
    });
    const run: OpenRun = {
      id: String(++this.#runs),
      graph: 'support',
      nodes: {},
      sinceMs: this.nowMs(),
      deadlineAtMs: this.nowMs() + 28_000,
    };
    const event = type === 'entry' ? { type, agent: 'support', requests: [run] } : { type };
    await warmer.handle(event, 300_000).catch(() => {});
  }

  async minutes(count: number, config: WarmerConfig): Promise<void> {
    for (let minute = 0; minute < count; minute++) {
      this.clock.advance(MINUTE_MS);
      for (const capacity of Object.values(this.capacities)) {
        if (capacity.hasTarget) capacity.desired = Math.max(capacity.minimum, 0);
      }
      await this.invoke('tick', config);
    }
  }

  /** Longer than any operation of another invocation takes. */
  async #pause(ms: number): Promise<void> {
    await pass(3 * MAX_TURNS);
    this.clock.advance(ms);
  }

  #plane(): ControlPlane {
    const of = ({ inferenceComponentName }: { readonly inferenceComponentName: string }) =>
      this.capacities[inferenceComponentName]!;
    const start = (capacity: Capacity, copies: number) => {
      if (capacity.desired === 0 && copies > 0) capacity.readyAtMs = this.nowMs() + START_MS;
      capacity.desired = copies;
    };
    return {
      copies: async (name) => {
        const { desired, readyAtMs } = of(name);
        return { copies: this.nowMs() >= readyAtMs ? desired : 0, desiredCopies: desired };
      },
      target: async (name) => {
        const { hasTarget, minimum } = of(name);
        return hasTarget ? { minimum, maximum: MAXIMUM } : undefined;
      },
      targetConcurrency: async () => undefined,
      setMinimum: async (name, minimum) => {
        of(name).minimum = minimum;
        of(name).changes++;
        start(of(name), Math.max(of(name).desired, minimum));
      },
      setCopies: async (name, copies) => start(of(name), copies),
    };
  }
}

/** Lets others go on. */
async function pass(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await Promise.resolve();
}

function troubled<T extends Board | ControlPlane>(
  service: T,
  operate: <R>(work: () => R | Promise<R>) => Promise<R>,
): T {
  return new Proxy(service, {
    get: (target, name) => {
      const method = Reflect.get(target, name) as ((...args: unknown[]) => unknown) | undefined;
      return typeof method === 'function' ? (...args: unknown[]) => operate(() => method.apply(target, args)) : method;
    },
  });
}

const config = configOf(NAMES, { policy: 'entry' });

const trouble = fc.record({
  at: fc.integer({ min: 1, max: 60 }),
  kind: fc.constantFrom<Trouble['kind']>('dies before', 'dies after', 'refused', 'answer lost'),
});
const found = fc.integer({ min: 0, max: 1 });

const capacityOf = ({ hasTarget, minimum, desired }: Capacity) => (hasTarget ? minimum : desired);
const capacities = (cloud: Cloud) => NAMES.map((name) => capacityOf(cloud.capacities[name]!));
const holds = (cloud: Cloud) => [...cloud.board.documents.keys()].filter((id) => id.startsWith('hold#'));

test.each([true, false])(
  'cold components are raised and, when nobody wants them, put back (target: %s)',
  async (hasTarget) => {
    const cloud = new Cloud(0, hasTarget);
    await cloud.invoke('entry', config);
    expect(capacities(cloud)).toEqual([1, 1]);
    await cloud.minutes(25, config);
    expect(capacities(cloud)).toEqual([0, 0]);
  },
);

test('whatever goes wrong in two invocations, capacity is in the end what it was', async () => {
  await fc.assert(
    fc.asyncProperty(found, fc.boolean(), trouble, trouble, async (before, hasTarget, first, second) => {
      const cloud = new Cloud(before, hasTarget);
      await cloud.invoke('entry', config, { trouble: first });
      cloud.clock.advance(MINUTE_MS);
      await cloud.invoke('tick', config, { trouble: second });
      await cloud.minutes(25, config);
      expect(capacities(cloud)).toEqual([before, before]);
      expect(holds(cloud)).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

const turns = fc.array(fc.constantFrom(0, 5, 20, MAX_TURNS), { minLength: 1, maxLength: 20 });

test('of several that decide the same at once, one changes the capacity, once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(turns, { minLength: 2, maxLength: 4 }), async (several) => {
      const cloud = new Cloud(0, true);
      await Promise.all(several.map((each) => cloud.invoke('entry', config, { turns: each })));
      expect(Object.values(cloud.capacities).map(({ changes }) => changes)).toEqual([1, 1]);
    }),
    { numRuns: 50 },
  );
});

test('whatever happens at once, capacity is never raised above what was decided, and in the end what it was', async () => {
  const type = fc.constantFrom('entry' as const, 'tick' as const);
  const invocations = fc.array(fc.record({ type, isEnabled: fc.boolean(), turns }), { minLength: 2, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(fc.boolean(), invocations, async (hasTarget, several) => {
      const cloud = new Cloud(0, hasTarget);
      await Promise.all(several.map((each) => cloud.invoke(each.type, config, each)));
      expect(Math.max(...capacities(cloud))).toBeLessThanOrEqual(1);
      await cloud.minutes(25, config);
      expect(capacities(cloud)).toEqual([0, 0]);
    }),
    { numRuns: 300 },
  );
});

test.each([true, false])(
  'what somebody else has changed since stays as they left it (target: %s)',
  async (hasTarget) => {
    const cloud = new Cloud(0, hasTarget);
    await cloud.invoke('entry', config);
    const changed = cloud.capacities.writer!;
    changed.minimum = 2;
    changed.desired = 2;
    await cloud.minutes(25, config);
    expect(capacities(cloud)).toEqual([0, 2]);
  },
);

test.each([
  [1, 0],
  [0, 0],
])(
  'what was raised further while it was held is put back once others are back at what they found: %i, then %i',
  async (theirs, after) => {
    const cloud = new Cloud(0, true);
    await cloud.invoke('entry', config);
    cloud.capacities.writer!.minimum = 3;
    await cloud.minutes(25, config);
    expect(capacities(cloud)).toEqual([0, 3]);
    cloud.capacities.writer!.minimum = theirs;
    await cloud.minutes(1, config);
    expect(capacities(cloud)).toEqual([0, after]);
    expect(holds(cloud)).toEqual([]);
  },
);

test('a minimum that somebody lowers while it is raised is not raised again', async () => {
  const cloud = new Cloud(0, true);
  await cloud.invoke('entry', config);
  cloud.capacities.writer!.minimum = 0;
  await cloud.minutes(1, config);
  expect(capacities(cloud)).toEqual([1, 0]);
  expect(cloud.capacities.writer!.desired).toBe(0);
  expect(cloud.board.documents.get(`hold#${keyOf('writer')}`)).toMatchObject({ value: { hold: { isYielded: true } } });
});

test('the kill switch restores at once, and nothing starts while it is on', async () => {
  const cloud = new Cloud(0, true);
  await cloud.invoke('entry', config);
  await cloud.invoke('entry', config, { isEnabled: false });
  expect(capacities(cloud)).toEqual([0, 0]);
  await cloud.invoke('entry', config, { isEnabled: false });
  expect(capacities(cloud)).toEqual([0, 0]);
});

test('a component that a deployment took from the warmer gets its capacity back', async () => {
  const cloud = new Cloud(0, true);
  await cloud.invoke('entry', config);
  const smaller = configOf(NAMES.slice(0, 1), { policy: 'entry' });
  await cloud.minutes(1, smaller);
  expect(capacities(cloud)).toEqual([1, 0]);
  expect(cloud.board.documents.has(`hold#${keyOf('writer')}`)).toBe(false);
});
