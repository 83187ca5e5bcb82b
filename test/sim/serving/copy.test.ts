import * as fc from 'fast-check';
import { Timeline } from '../../../sim/kernel/timeline';
import { Copy } from '../../../sim/serving/copy';
import type { CopyProfile, Work } from '../../../sim/serving/copy-profile';
import { inferenceComponent8b } from '../../../sim/world/presets';

/** Small enough that tests meet its limits. */
const SMALL: CopyProfile = { ...inferenceComponent8b.copy, maxSequences: 4, maxStepTokens: 256, kvCacheTokens: 4000 };

const work = fc.record({
  promptTokens: fc.integer({ min: 1, max: 2000 }),
  outputTokens: fc.integer({ min: 1, max: 500 }),
});
const arrivals = fc.array(fc.record({ work, afterMs: fc.integer({ min: 0, max: 2000 }) }), {
  minLength: 1,
  maxLength: 30,
});

interface Outcome {
  readonly arrivedMs: number;
  firstTokenMs?: number;
  doneMs?: number;
}

class Bench {
  readonly timeline = new Timeline();
  readonly copy: Copy;

  constructor(profile: CopyProfile = SMALL) {
    this.copy = new Copy(profile, this.timeline);
  }

  advance(ms: number): void {
    this.timeline.advanceTo(this.timeline.nowUs + ms * 1000);
  }

  submit(request: Work): Outcome & { cancel(): void } {
    const outcome: Outcome = { arrivedMs: this.timeline.nowUs / 1000 };
    const submitted = this.copy.submit(request, {
      onFirstToken: (atUs) => {
        outcome.firstTokenMs = atUs / 1000;
      },
      onDone: (atUs) => {
        outcome.doneMs = atUs / 1000;
      },
    });
    return Object.assign(outcome, { cancel: () => this.copy.cancel(submitted) });
  }
}

/** Seconds that the output of a request takes after its first token when it has a copy to itself. */
function decodeSeconds({ promptTokens, outputTokens }: Work, { stepSeconds }: CopyProfile): number {
  const step = stepSeconds.base + stepSeconds.perSequence + stepSeconds.perContextToken * promptTokens;
  return (outputTokens - 1) * step;
}

test('the tokens of a request come out one after the other, the first with its prompt and the last with its end', () => {
  const bench = new Bench();
  let doneUs = Infinity;
  const request = { promptTokens: 500, outputTokens: 40 };
  const sequence = bench.copy.submit(request, {
    onDone: (atUs) => {
      doneUs = atUs;
    },
  });
  const tokens: number[] = [];
  while (doneUs === Infinity) {
    tokens.push(bench.copy.tokensOut(sequence));
    bench.advance(1);
  }
  expect(tokens[0]).toBe(0);
  expect([...new Set(tokens)]).toEqual(Array.from({ length: 40 }, (_, i) => i));
});

test('looks at the tokens that are out change nothing, and see none come back', () => {
  fc.assert(
    fc.property(arrivals, fc.integer({ min: 1, max: 300 }), (requests, lookMs) => {
      let isOrdered = true;
      const endsOf = (looks: boolean) => {
        const timeline = new Timeline();
        const copy = new Copy(SMALL, timeline);
        const ends: number[] = [];
        for (const { work, afterMs } of requests) {
          timeline.advanceTo(timeline.nowUs + afterMs * 1000);
          let isDone = false;
          let seen = 0;
          const sequence = copy.submit(work, {
            onDone: (atUs) => {
              isDone = true;
              ends.push(atUs);
            },
          });
          const look = () => {
            if (isDone) return;
            const tokensOut = copy.tokensOut(sequence);
            isOrdered &&= seen <= tokensOut && tokensOut <= work.outputTokens;
            seen = tokensOut;
            timeline.at(timeline.nowUs + lookMs * 1000, { act: look });
          };
          if (looks) look();
        }
        timeline.advanceTo(1e12);
        return ends;
      };
      expect(endsOf(true)).toEqual(endsOf(false));
      expect(isOrdered).toBe(true);
    }),
  );
});

test('every request is done, after its first token, and no sooner than it would be alone', () => {
  fc.assert(
    fc.property(arrivals, (requests) => {
      const bench = new Bench();
      const outcomes = requests.map((request) => {
        bench.advance(request.afterMs);
        return { request, outcome: bench.submit(request.work) };
      });
      bench.advance(3_600_000);

      expect(bench.copy.concurrency).toBe(0);
      for (const { request, outcome } of outcomes) {
        expect(outcome.firstTokenMs).toBeLessThanOrEqual(outcome.doneMs!);
        expect((outcome.doneMs! - outcome.arrivedMs) / 1000).toBeGreaterThanOrEqual(
          decodeSeconds(request.work, SMALL) * 0.999,
        );
      }
    }),
    { numRuns: 50 },
  );
});

test('a copy with work never rests: together requests take no longer than one after the other', () => {
  fc.assert(
    fc.property(fc.array(work, { minLength: 1, maxLength: 20 }), (requests) => {
      const together = new Bench();
      const outcomes = requests.map((request) => together.submit(request));
      together.advance(3_600_000);

      const sequential = requests.map((request) => {
        const alone = new Bench();
        const outcome = alone.submit(request);
        alone.advance(3_600_000);
        return outcome.doneMs!;
      });
      // A request's context slows the steps of the others: the term of the model that is not shared work.
      const contextMs = requests.reduce((sum, r) => sum + r.outputTokens * (r.promptTokens + r.outputTokens), 0);
      const slackMs = contextMs * 4 * SMALL.stepSeconds.perContextToken * 1000 + requests.length;
      const sumMs = sequential.reduce((sum, ms) => sum + ms, 0);
      expect(Math.max(...outcomes.map((outcome) => outcome.doneMs!))).toBeLessThanOrEqual(sumMs + slackMs);
    }),
    { numRuns: 50 },
  );
});

test('latency grows with the number of requests in flight', () => {
  const latencyMs = (concurrency: number) => {
    const bench = new Bench(inferenceComponent8b.copy);
    const outcomes = Array.from({ length: concurrency }, () => bench.submit({ promptTokens: 500, outputTokens: 200 }));
    bench.advance(3_600_000);
    return Math.max(...outcomes.map((outcome) => outcome.doneMs!));
  };
  const latencies = [1, 2, 8, 32, 128, 256].map(latencyMs);
  expect(latencies).toEqual([...latencies].sort((a, b) => a - b));
  expect(latencies[5]).toBeGreaterThan(1.9 * latencies[4]!);
});

test('requests over the sequence limit wait, first come, first served', () => {
  const bench = new Bench();
  const outcomes = Array.from({ length: 5 }, () => bench.submit({ promptTokens: 100, outputTokens: 100 }));
  bench.advance(3_600_000);
  expect(outcomes[4]!.firstTokenMs).toBeGreaterThan(outcomes[0]!.doneMs!);
});

test('a request larger than the cache runs alone', () => {
  const bench = new Bench();
  const large = bench.submit({ promptTokens: 5000, outputTokens: 10 });
  const small = bench.submit({ promptTokens: 10, outputTokens: 10 });
  bench.advance(3_600_000);
  expect(small.firstTokenMs).toBeGreaterThan(large.doneMs!);
});

test('a cancelled request frees its place at once and is heard of no more', () => {
  const bench = new Bench();
  const running = Array.from({ length: 4 }, () => bench.submit({ promptTokens: 100, outputTokens: 500 }));
  const waiting = bench.submit({ promptTokens: 100, outputTokens: 1 });
  bench.advance(100);
  expect(waiting.firstTokenMs).toBeUndefined();

  running[0]!.cancel();
  running[0]!.cancel();
  expect(bench.copy.concurrency).toBe(4);
  bench.advance(100);
  expect(waiting.doneMs).toBeDefined();
  bench.advance(3_600_000);
  expect(running.map((outcome) => outcome.doneMs !== undefined)).toEqual([false, true, true, true]);
});

test('a listener may submit the next request from within', () => {
  const bench = new Bench();
  const doneMs: number[] = [];
  const next = () => {
    bench.copy.submit(
      { promptTokens: 10, outputTokens: 10 },
      {
        onDone: (atUs) => {
          doneMs.push(atUs / 1000);
          if (doneMs.length < 3) next();
        },
      },
    );
  };
  next();
  bench.advance(60_000);
  expect(doneMs).toHaveLength(3);
  expect(doneMs[2]! / doneMs[0]!).toBeCloseTo(3, 1);
});

test.each([[{ promptTokens: 0, outputTokens: 1 }], [{ promptTokens: 1, outputTokens: Number.NaN }]])(
  'work of %j is refused',
  (nothing) => {
    expect(() => new Bench().submit(nothing)).toThrow('work must have at least 1 prompt and 1 output token');
  },
);

test('a copy that drains tells once that it is empty, also if it was to do something later', () => {
  const bench = new Bench();
  const request = bench.submit({ promptTokens: 100, outputTokens: 500 });
  let told = 0;
  bench.copy.drain(() => told++);
  bench.advance(100);
  expect(told).toBe(0);
  request.cancel();
  expect(told).toBe(1);
  bench.advance(3_600_000);
  expect(told).toBe(1);
});
