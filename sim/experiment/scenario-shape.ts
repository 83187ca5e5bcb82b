import { isObject } from '../../core/graph/field-faults';
import { show } from '../../core/graph/show';
import { MOST_VARIANTS } from '../agent/agent-model';
import { type Check, from, list, oneOf, optional, positive, record } from '../workload/checks';
import { distributionFaults } from '../workload/distribution-faults';
import { workloadFaults } from '../workload/synthetic';

const text: Check = function* (at, value) {
  if (typeof value !== 'string' || value === '') yield `${at} must be a text, got: ${show(value)}`;
};

const flag: Check = function* (at, value) {
  if (typeof value !== 'boolean') yield `${at} must be true or false, got: ${show(value)}`;
};

const texts: Check = function* (at, value) {
  if (!Array.isArray(value)) return yield `${at} must be a list, got: ${show(value)}`;
  for (const [index, entry] of value.entries()) yield* text(`${at}[${index}]`, entry);
};

function within(least: number, most: number): Check {
  return function* (at, value) {
    if (!(Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most)) {
      yield `${at} must be a whole number from ${least} to ${most}, got: ${show(value)}`;
    }
  };
}

/** A whole number. */
function count(least: number): Check {
  return function* (at, value) {
    if (!(Number.isSafeInteger(value) && (value as number) >= least)) {
      yield `${at} must be a whole number from ${least}, got: ${show(value)}`;
    }
  };
}

function each(check: Check): Check {
  return function* (at, value) {
    if (!isObject(value)) return yield `${at} must be an object, got: ${show(value)}`;
    for (const [name, entry] of Object.entries(value)) yield* check(`${at}.${name}`, entry);
  };
}

/** One of several kinds of object, each with fields of its own. */
function byKind(kinds: Readonly<Record<string, Check>>): Check {
  return function* (at, value) {
    const kind = isObject(value) ? value.kind : undefined;
    const check = typeof kind === 'string' && Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
    if (!check) return yield `${at}.kind must be one of ${Object.keys(kinds).join(', ')}, got: ${show(kind)}`;
    yield* check(at, value);
  };
}

const needs = { accelerators: from(0), vcpus: from(0), memoryMiB: from(0) };

const instance = record({
  ...needs,
  type: text,
  pricePerHourUsd: positive,
  provisionSeconds: from(0),
  provisionVariation: from(0),
  imageCached: flag,
  insufficientCapacity: optional(from(0, 1)),
  shortageMinutes: optional(positive),
});

const fleet = record({
  instances: list(instance),
  minInstances: count(0),
  maxInstances: count(1),
  scaleIn: record({
    strategy: oneOf('IDLE_RELEASE', 'CONSOLIDATION'),
    cooldownMinutes: from(1),
    maxStep: count(1),
  }),
  provisionTimeoutSeconds: optional(positive),
});

const sampled = { kind: text, periodSeconds: from(1), publicationLagSeconds: from(0) };

const rule = byKind({
  'target-tracking': record({
    ...sampled,
    statistic: oneOf('average', 'peak'),
    outAfterSeconds: from(0),
    inAfterSeconds: from(0),
    scaleInCooldownSeconds: from(0),
  }),
  hpa: record({ ...sampled, tolerance: from(0), scaleDownStabilizationSeconds: from(0) }),
  kpa: record({
    ...sampled,
    stableWindowSeconds: positive,
    panicWindowShare: from(0, 1),
    panicThreshold: positive,
    utilization: from(0, 1),
    maxScaleUpRate: from(1),
    maxScaleDownRate: from(1),
    scaleToZeroGraceSeconds: from(0),
  }),
});

const scheduledAction = record({
  dayOfWeek: optional(within(0, 6)),
  atSeconds: within(0, 86_399),
  minCopies: optional(count(0)),
  maxCopies: optional(count(1)),
});

const prefixAware = record({
  strategy: oneOf('PREFIX_AWARE'),
  prefixLength: within(1024, 65_536),
  concurrencyThreshold: within(1, 1024),
});

const plainRouting = oneOf('LEAST_OUTSTANDING_REQUESTS', 'RANDOM');

const routing: Check = function* (at, value) {
  if (value === 'PREFIX_AWARE') {
    return yield `${at} must be an object for PREFIX_AWARE, with strategy, prefixLength and concurrencyThreshold`;
  }
  yield* (isObject(value) ? prefixAware : plainRouting)(at, value);
};

const copies = {
  kind: text,
  copy: record({
    stepSeconds: record({ base: positive, perPromptToken: from(0), perSequence: from(0), perContextToken: from(0) }),
    maxSequences: count(1),
    maxStepTokens: count(1),
    kvCacheTokens: positive,
  }),
  coldStart: record({
    stageSeconds: record({
      'image-pull': from(0),
      'weights-download': from(0),
      'container-init': from(0),
      'engine-init': from(0),
    }),
    variation: from(0),
  }),
  scaling: record({
    minCopies: count(0),
    maxCopies: count(1),
    targetConcurrency: positive,
    rule,
    fromZeroAfterSeconds: from(0),
    schedule: optional(list(scheduledAction)),
  }),
  maxConcurrencyPerCopy: optional(count(1)),
  answerLimitSeconds: optional(positive),
  routing: optional(routing),
};

const component = byKind({
  'inference-component': record({ ...copies, fleet: text, needs: record(needs) }),
  'imported-model': record({
    ...copies,
    hosting: record({ unitsPerCopy: positive, pricePerUnitMinuteUsd: from(0), evictAfterSeconds: from(0) }),
  }),
  tool: record({ kind: text, durationMs: distributionFaults, pricePerCallUsd: optional(from(0)) }),
});

const share = from(0, 1);

const shares: Check = (at, value) => (isObject(value) ? each(share) : share)(at, value);

const node = record({
  id: text,
  needs: texts,
  component: optional(text),
  probability: optional(shares),
  items: optional(distributionFaults),
  concurrency: optional(count(1)),
  hedge: optional(record({ afterMs: positive, budget: optional(from(0, 1)) })),
  promptTokens: optional(distributionFaults),
  outputTokens: optional(distributionFaults),
  sharedPrefix: optional(record({ tokens: count(1), variants: optional(within(1, MOST_VARIANTS)) })),
});

/** Checks the fields of a scenario, one by one. */
export const scenarioShape = record({
  name: text,
  description: text,
  objective: record({ p95Ms: positive }),
  trainingDays: positive,
  agent: record({
    nodes: list(node),
    timeoutMs: positive,
    retry: optional(record({ attempts: optional(count(1)), baseMs: optional(from(0)), capMs: optional(from(0)) })),
    orchestration: optional(record({ runMs: from(0), callMs: from(0) })),
  }),
  world: record({ fleets: each(fleet), components: each(component) }),
  workload: workloadFaults,
});
