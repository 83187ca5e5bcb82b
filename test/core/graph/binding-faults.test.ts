import { bindingFaults } from '../../../core/graph/binding-faults';

const faults = (binding: unknown) => [...bindingFaults('b', binding)];
const alternatives = [
  { type: 'sagemaker', endpointName: 'fleet' },
  { type: 'bedrock', modelId: 'imported' },
];
const spillover = (fields: object) => ({ type: 'spillover', alternatives, ...fields });

test('a spillover with all that can be said of it has no fault', () => {
  const when = { notReady: true, throttled: false, breakerOpen: true, maxInFlight: 4 };
  const breaker = {
    failureRatio: 0.5,
    slowMs: 1_000,
    slowRatio: 1,
    minCalls: 10,
    windowMs: 1_000,
    openMs: 10,
    probes: 1,
  };
  expect(faults(spillover({ when, breaker }))).toEqual([]);
  expect(faults(spillover({}))).toEqual([]);
});

test.each([
  [{ type: 'spillover' }, 'b.alternatives must be a list of two or more backends'],
  [spillover({ alternatives: alternatives.slice(1) }), 'b.alternatives must be a list of two or more backends'],
  [
    spillover({ alternatives: [...alternatives, spillover({})] }),
    'b.alternatives[2].type must be one of sagemaker, bedrock, lambda, http',
  ],
  [spillover({ alternatives: [{ type: 'bedrock' }, alternatives[0]] }), 'b.alternatives[0].modelId must be a string'],
  [spillover({ price: {} }), 'b.price is none of alternatives, when, breaker'],
  [spillover({ when: { failed: true } }), 'b.when.failed is none of notReady, throttled, breakerOpen, maxInFlight'],
  [spillover({ when: { throttled: 1 } }), 'b.when.throttled must be true or false, got: 1'],
  [spillover({ when: { maxInFlight: 0 } }), 'b.when.maxInFlight must be a whole number from 1, got: 0'],
  [spillover({ breaker: { failureRatio: 2 } }), 'b.breaker.failureRatio must be a share above 0, up to 1, got: 2'],
  [spillover({ breaker: { openMs: -1 } }), 'b.breaker.openMs must be a positive number of milliseconds, got: -1'],
  [spillover({ breaker: 3 }), 'b.breaker must be an object'],
])('%j is refused', (binding, fault) => {
  expect(faults(binding)).toEqual([fault]);
});

const priced = (price: object) => ({ type: 'sagemaker', endpointName: 'fleet', price });

test('a price of calls, of tokens and of copies has no fault', () => {
  const price = { perCallUsd: 0, perMillionInputTokensUsd: 1, perMillionOutputTokensUsd: 3 };
  expect(faults(priced({ ...price, perCopyHourUsd: 1.5, concurrencyPerCopy: 2.5 }))).toEqual([]);
});

test('a price says where it is from in words', () => {
  expect(faults(priced({ perCallUsd: 1, source: 'contract 4711, 2026-11' }))).toEqual([]);
  expect(faults(priced({ perCallUsd: 1, source: 2026 }))).toEqual(['b.price.source must be a string']);
});

test.each([
  [{ perCopyHourUsd: -1 }, 'b.price.perCopyHourUsd must be a number from 0, got: -1'],
  [
    { perCopyHourUsd: 1, concurrencyPerCopy: 0 },
    'b.price.concurrencyPerCopy must be a positive number of calls, got: 0',
  ],
  [{ concurrencyPerCopy: 2 }, 'b.price.concurrencyPerCopy needs perCopyHourUsd, the price that the calls share'],
])('the price %j is refused', (price, fault) => {
  expect(faults(priced(price))).toEqual([fault]);
});
