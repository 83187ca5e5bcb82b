import fc from 'fast-check';
import { admit, crowdedOut, NEW_TENANT, type TenantLimits, type TenantState } from '../../../core/admission';

const NOW_MS = Date.UTC(2026, 0, 5);

const rates = fc.record({ rateLimit: fc.constantFrom(0.1, 1, 3, 7, 250), burstLimit: fc.integer({ min: 1, max: 20 }) });

/** Lets runs arrive one after another; each lasts, and ends by itself or is never heard of again. */
function arrivals(limits: TenantLimits, all: readonly { readonly afterMs: number; readonly lastsMs: number }[]) {
  let state: TenantState = NEW_TENANT;
  let nowMs = NOW_MS;
  return all.map(({ afterMs, lastsMs }, at) => {
    nowMs += afterMs;
    const admission = admit(state, { place: `run-${at}`, untilMs: nowMs + lastsMs }, limits, nowMs);
    if (admission.isAdmitted) state = admission.state;
    return { nowMs, untilMs: nowMs + lastsMs, admission };
  });
}

const streams = fc.array(fc.record({ afterMs: fc.nat(400), lastsMs: fc.integer({ min: 1, max: 3_000 }) }), {
  maxLength: 120,
  size: 'max',
});

test('in no time more runs begin than the burst and the rate allow, and never fewer', () => {
  fc.assert(
    fc.property(rates, streams, (throttling, all) => {
      const { rateLimit, burstLimit } = throttling;
      let tokens = burstLimit;
      let lastMs = NOW_MS;
      // The bucket as textbooks have it.
      for (const { nowMs, admission } of arrivals({ throttling }, all)) {
        tokens = Math.min(burstLimit, tokens + ((nowMs - lastMs) / 1_000) * rateLimit);
        lastMs = nowMs;
        expect(admission.isAdmitted).toBe(tokens >= 1 - 1e-6);
        if (admission.isAdmitted) tokens--;
      }
    }),
  );
});

test('a run that is refused for the rate may begin when it was told, and not a millisecond sooner', () => {
  fc.assert(
    fc.property(rates, (throttling) => {
      const burst = Array.from({ length: throttling.burstLimit + 1 }, () => ({ afterMs: 0, lastsMs: 1 }));
      const { admission } = arrivals({ throttling }, burst).at(-1)!;
      if (admission.isAdmitted) throw new Error('beyond the burst');
      const again = (waitMs: number) => arrivals({ throttling }, [...burst, { afterMs: waitMs, lastsMs: 1 }]).at(-1)!;
      expect(again(admission.retryAfterMs).admission.isAdmitted).toBe(true);
      expect(again(admission.retryAfterMs - 1).admission.isAdmitted).toBe(false);
    }),
  );
});

test('there are as many places as the concurrency, and one whose run has never ended is free when it should have', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), streams, (concurrency, all) => {
      const seen = arrivals({ concurrency }, all);
      for (const [at, { nowMs, admission }] of seen.entries()) {
        const before = seen.slice(0, at).filter((other) => other.admission.isAdmitted && other.untilMs > nowMs);
        expect(admission.isAdmitted).toBe(before.length < concurrency);
      }
    }),
  );
});

test('places that are over are named and forgotten, and others stay', () => {
  const state = { paidUntilMs: 0, places: { old: NOW_MS, young: NOW_MS + 1 } };
  expect(admit(state, { place: 'new', untilMs: NOW_MS + 9 }, { concurrency: 2 }, NOW_MS)).toEqual({
    isAdmitted: true,
    expired: ['old'],
    state: { paidUntilMs: 0, places: { young: NOW_MS + 1, new: NOW_MS + 9 } },
  });
});

test.each<[string, TenantLimits, Partial<TenantState>, object]>([
  [
    'the places',
    { concurrency: 1 },
    { places: { a: NOW_MS + 30_000 } },
    { limit: 'concurrency', retryAfterMs: 1_000, reason: 'the tenant may have 1 run under way at once, and has 1' },
  ],
  [
    'the places, of which one is soon free',
    { concurrency: 2 },
    { places: { a: NOW_MS + 30_000, b: NOW_MS + 200 } },
    { limit: 'concurrency', retryAfterMs: 200, reason: 'the tenant may have 2 runs under way at once, and has 2' },
  ],
  [
    'the rate',
    { concurrency: 2, throttling: { rateLimit: 4, burstLimit: 1 } },
    { paidUntilMs: NOW_MS + 250 },
    { limit: 'throttling', retryAfterMs: 249.999, reason: 'the tenant may begin 4 runs a second, and 1 at once' },
  ],
])('a refusal says that it is for %s, and when to come again', (_, limits, state, refusal) => {
  const { retryAfterMs, ...rest } = admit(
    { ...NEW_TENANT, ...state },
    { place: 'new', untilMs: NOW_MS + 1 },
    limits,
    NOW_MS,
  ) as any;
  expect({ ...rest, retryAfterMs: Math.round(retryAfterMs * 1_000) / 1_000 }).toEqual({
    isAdmitted: false,
    ...refusal,
  });
});

test('who is crowded out is told of a limit that there is', () => {
  expect(crowdedOut({ concurrency: 3 }).limit).toBe('concurrency');
  expect(crowdedOut({ throttling: { rateLimit: 1, burstLimit: 1 } }).limit).toBe('throttling');
});
