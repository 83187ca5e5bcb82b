import * as fc from 'fast-check';
import { Batch } from '../../../sim/serving/batch';
import type { CopyProfile, Work } from '../../../sim/serving/copy-profile';
import type { Sequence } from '../../../sim/serving/sequence';

/** Small enough that tests meet its limits; 10 ms a step and more. */
const SMALL: CopyProfile = {
  stepSeconds: { base: 0.01, perPromptToken: 5e-5, perSequence: 2e-4, perContextToken: 1e-6 },
  maxSequences: 4,
  maxStepTokens: 256,
  kvCacheTokens: 3000,
};

interface Arrival {
  readonly work: Work;
  readonly atUs: number;
}

const work = fc.record({
  promptTokens: fc.integer({ min: 1, max: 1500 }),
  outputTokens: fc.integer({ min: 2, max: 150 }),
});
const arrivals = fc
  .array(fc.record({ work, afterUs: fc.integer({ min: 0, max: 400_000 }) }), { minLength: 1, maxLength: 12 })
  .map((gaps) => {
    let atUs = 0;
    return gaps.map((gap): Arrival => {
      atUs += gap.afterUs;
      return { work: gap.work, atUs };
    });
  });

/** Runs a batch to its end, with a look at it at least so often; completions in the order in which they are told. */
function runToEnd(requests: readonly Arrival[], profile: CopyProfile, lookUs = Infinity) {
  const batch = new Batch(profile);
  const numbers = new Map<Sequence, number>();
  const doneUs: number[] = [];
  const order: number[] = [];
  let nowUs = 0;
  let next = 0;
  while (next < requests.length || batch.size > 0) {
    if (nowUs === Infinity) throw new Error('the batch waits for nothing: it will never end');
    nowUs = Math.min(batch.nextEventAtUs, requests[next]?.atUs ?? Infinity, nowUs + lookUs);
    for (const { kind, sequence, atUs } of batch.advance(nowUs)) {
      if (kind !== 'done') continue;
      doneUs[numbers.get(sequence)!] = atUs;
      order.push(atUs);
    }
    for (; requests[next]?.atUs === nowUs; next++) {
      numbers.set(batch.add(requests[next]!.work), next);
    }
  }
  return { batch, doneUs, order };
}

/** The same fluid, integrated in steps of 50 us: rates as they are at the beginning of each. */
function integrate(requests: readonly Arrival[], profile: CopyProfile): number[] {
  const { base, perPromptToken, perSequence, perContextToken } = profile.stepSeconds;
  const dtUs = 50;
  const states = requests.map((request) => ({
    ...request,
    prompt: request.work.promptTokens,
    promptLeft: request.work.promptTokens,
    outputLeft: request.work.outputTokens,
    context: 0,
    doneUs: NaN,
  }));
  type State = (typeof states)[number];
  const waiting: State[] = [];
  /** In order of admission. */
  let running: State[] = [];
  let arrived = 0;
  let promptAtChange = 0;
  const prefilling = () => running.filter(({ promptLeft }) => promptLeft > 0);
  const decoding = () => running.filter(({ promptLeft }) => promptLeft <= 0);
  const total = (some: readonly State[], tokensOf: (state: State) => number) =>
    some.reduce((sum, state) => sum + tokensOf(state), 0);
  const held = () => total(running, ({ prompt, context }) => Math.max(prompt, context));
  const change = () => {
    promptAtChange = total(prefilling(), ({ promptLeft }) => promptLeft);
  };
  for (let nowUs = 0; arrived < states.length || waiting.length + running.length > 0; nowUs += dtUs) {
    for (; arrived < states.length && states[arrived]!.atUs <= nowUs; arrived++) waiting.push(states[arrived]!);
    while (waiting.length > 0 && running.length < profile.maxSequences) {
      const needed = held() + waiting[0]!.prompt + decoding().length + 2;
      if (running.length > 0 && needed > profile.kvCacheTokens) break;
      running.push(waiting.shift()!);
      change();
    }
    const decoders = decoding();
    const perStep = Math.min(profile.maxStepTokens - decoders.length, promptAtChange);
    const context = total(decoders, (state) => state.context);
    const stepSeconds = base + perPromptToken * perStep + perSequence * decoders.length + perContextToken * context;
    const steps = dtUs / 1e6 / stepSeconds;
    for (const each of decoders) {
      each.outputLeft -= steps;
      each.context += steps;
      if (each.outputLeft <= 0) each.doneUs = nowUs + dtUs;
    }
    const head = prefilling()[0];
    running = running.filter(({ doneUs }) => Number.isNaN(doneUs));
    if (head !== undefined) {
      head.promptLeft -= steps * perStep;
      if (head.promptLeft <= 0) {
        head.context = head.prompt;
        head.outputLeft -= 1;
        change();
      }
    }
    if (running.length > 1 && prefilling().length === 0 && held() + running.length >= profile.kvCacheTokens) {
      const youngest = running.pop()!;
      const out = Math.floor(youngest.work.outputTokens - youngest.outputLeft);
      youngest.prompt = youngest.work.promptTokens + out - 1;
      youngest.promptLeft = youngest.prompt;
      youngest.outputLeft = youngest.work.outputTokens - out;
      youngest.context = 0;
      waiting.unshift(youngest);
    }
  }
  return states.map(({ doneUs }) => doneUs);
}

test.each([
  // Of what is sent back a token more or less may be out, and who comes after it steps later.
  { cache: 'that may be full', kvCacheTokens: 3000, stepsUs: 200_000 },
  // A quarter of a step: a prompt that comes as another ends may meet either side of that moment.
  { cache: 'without end', kvCacheTokens: Infinity, stepsUs: 2500 },
])('with a cache $cache the closed form agrees with an integration in tiny steps', ({ kvCacheTokens, stepsUs }) => {
  fc.assert(
    fc.property(arrivals, (requests) => {
      const profile = { ...SMALL, kvCacheTokens };
      const { doneUs } = runToEnd(requests, profile);
      integrate(requests, profile).forEach((expectedUs, at) => {
        const toleranceUs = 0.005 * (expectedUs - requests[at]!.atUs) + stepsUs;
        expect(Math.abs(doneUs[at]! - expectedUs)).toBeLessThan(toleranceUs);
      });
    }),
    { numRuns: 15 },
  );
});

test('however often it is looked at, everything is done at the same time', () => {
  fc.assert(
    fc.property(arrivals, fc.integer({ min: 500, max: 20_000 }), (requests, lookUs) => {
      const undisturbed = runToEnd(requests, SMALL).doneUs;
      runToEnd(requests, SMALL, lookUs).doneUs.forEach((doneUs, at) => {
        expect(Math.abs(doneUs - undisturbed[at]!)).toBeLessThan(1000);
      });
    }),
    { numRuns: 20 },
  );
});

test('everything is done, in the order of time, and an emptied batch is as good as new', () => {
  const single: Arrival = { work: { promptTokens: 300, outputTokens: 20 }, atUs: 0 };
  const aloneUs = runToEnd([single], SMALL).doneUs[0]!;
  fc.assert(
    fc.property(arrivals, (requests) => {
      const { batch, doneUs, order } = runToEnd(requests, SMALL);
      expect(doneUs.filter((atUs) => atUs > 0)).toHaveLength(requests.length);
      expect(order).toEqual(order.toSorted((a, b) => a - b));
      expect(batch.nextEventAtUs).toBe(Infinity);

      const beginUs = doneUs.reduce((last, atUs) => Math.max(last, atUs), 0) + 1;
      batch.advance(beginUs);
      batch.add(single.work);
      let againUs = NaN;
      while (batch.size > 0) {
        for (const { kind, atUs } of batch.advance(batch.nextEventAtUs)) if (kind === 'done') againUs = atUs - beginUs;
      }
      expect(againUs).toBe(aloneUs);
    }),
    { numRuns: 30 },
  );
});

test('a request that is taken out at any moment leaves the others as if the cache and the batch were theirs', () => {
  const removals = fc.record({ requests: arrivals, victim: fc.nat(11), atUs: fc.integer({ min: 0, max: 3_000_000 }) });
  fc.assert(
    fc.property(removals, ({ requests, victim, atUs }) => {
      const batch = new Batch(SMALL);
      const sequences: Sequence[] = [];
      const done = new Set<Sequence>();
      const advance = (toUs: number) => {
        for (const { kind, sequence } of batch.advance(toUs)) if (kind === 'done') done.add(sequence);
      };
      const removeNow = () => {
        advance(atUs);
        const gone = sequences[victim % sequences.length];
        if (gone && !done.has(gone)) {
          const sizeBefore = batch.size;
          batch.remove(gone);
          expect(batch.size).toBe(sizeBefore - 1);
          done.add(gone);
        }
      };
      let isRemoved = false;
      for (const request of requests) {
        if (!isRemoved && request.atUs > atUs) {
          removeNow();
          isRemoved = true;
        }
        advance(request.atUs);
        sequences.push(batch.add(request.work));
      }
      if (!isRemoved) removeNow();
      while (batch.size > 0) advance(batch.nextEventAtUs);
      expect(done.size).toBe(requests.length);

      // Nothing is held for what left, and nothing was given back twice: the cache holds two halves, and no more.
      const half = { promptTokens: SMALL.kvCacheTokens / 2 - 1, outputTokens: 2 };
      const [first, second, third] = [
        batch.add(half),
        batch.add(half),
        batch.add({ promptTokens: 1, outputTokens: 2 }),
      ];
      let firstDoneUs = NaN;
      while (batch.size > 0) {
        for (const { kind, sequence, atUs: doneUs } of batch.advance(batch.nextEventAtUs)) {
          if (kind === 'done' && sequence === first) firstDoneUs = doneUs;
        }
      }
      expect(second.startedAtUs).toBeLessThan(firstDoneUs);
      expect(third.startedAtUs).toBeGreaterThanOrEqual(firstDoneUs);
    }),
    { numRuns: 50 },
  );
});

test('no more is admitted than sequences and cache allow, and in the order of arrival', () => {
  const batch = new Batch({ ...SMALL, maxSequences: 3, kvCacheTokens: 1000 });
  // Expected context: 450 each.
  const sequences = [1, 2, 3].map(() => batch.add({ promptTokens: 400, outputTokens: 100 }));
  const small = batch.add({ promptTokens: 10, outputTokens: 10 });
  const startOf = (sequence: Sequence) => sequence.startedAtUs;
  let doneUs = NaN;
  while (Number.isNaN(doneUs)) {
    for (const { kind, atUs } of batch.advance(batch.nextEventAtUs)) if (kind === 'done') doneUs = atUs;
  }
  expect(startOf(sequences[0]!)).toBe(0);
  expect(startOf(sequences[1]!)).toBeLessThan(doneUs);
  expect(startOf(sequences[2]!)).toBe(doneUs);
  expect(startOf(small)).toBeNaN();
  while (batch.size > 0) batch.advance(batch.nextEventAtUs);
  expect(startOf(small)).toBeGreaterThan(doneUs);
});

test('taking a request out a second time changes nothing, wherever it was', () => {
  const works: Work[] = [
    { promptTokens: 100, outputTokens: 60 },
    { promptTokens: 200, outputTokens: 50 },
    { promptTokens: 900, outputTokens: 40 },
    { promptTokens: 1400, outputTokens: 30 },
    { promptTokens: 800, outputTokens: 20 },
  ];
  const finish = (times: number, taken: number, atUs: number) => {
    const batch = new Batch(SMALL);
    const sequences = works.map((each) => batch.add(each));
    batch.advance(atUs);
    for (let time = 0; time < times; time++) batch.remove(sequences[taken]!);
    const done: number[] = [];
    while (batch.size > 0) {
      for (const { kind, sequence, atUs: doneUs } of batch.advance(batch.nextEventAtUs)) {
        if (kind === 'done') done[sequences.indexOf(sequence)] = doneUs;
      }
    }
    return done;
  };
  for (const taken of works.keys()) {
    for (const atUs of [0, 20_000, 100_000, 400_000, 1_000_000, 1e8]) {
      expect(finish(2, taken, atUs)).toEqual(finish(1, taken, atUs));
    }
  }
});

test('a small cache lets everything through, whatever comes and goes', () => {
  fc.assert(
    fc.property(
      arrivals,
      fc.integer({ min: 200, max: 2000 }),
      fc.integer({ min: 0, max: 11 }),
      (requests, cache, at) => {
        const batch = new Batch({ ...SMALL, kvCacheTokens: cache });
        const sequences = requests.map(({ work: asked }) => batch.add(asked));
        for (let events = 0; batch.size > 0; events++) {
          expect(batch.nextEventAtUs).toBeLessThan(Infinity);
          batch.advance(batch.nextEventAtUs);
          // One is given up in the midst of it.
          if (events === 5) batch.remove(sequences[at % sequences.length]!);
        }
      },
    ),
    { numRuns: 200 },
  );
});
