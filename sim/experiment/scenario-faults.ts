import { isObject } from '../../core/graph/binding-faults';
import { show } from '../../core/graph/show';
import { fits } from '../hosting/fleet';
import { type Check, from, list, optional, positive, record } from '../workload/checks';
import { distributionFaults } from '../workload/distribution-faults';
import { workloadFaults } from '../workload/synthetic';
import type { Scenario } from './scenario';

/** Yields what is wrong with a scenario: first the shape of its fields, and if that is right, how they fit together. */
export function* scenarioFaults(scenario: unknown): Iterable<string> {
  let isWhole = true;
  for (const fault of shape('scenario', scenario)) {
    isWhole = false;
    yield fault;
  }
  if (isWhole) yield* misfits(scenario as Scenario);
}

const text: Check = function* (at, value) {
  if (typeof value !== 'string' || value === '') yield `${at} must be a text, got: ${show(value)}`;
};

const anything: Check = () => [];

const flag: Check = function* (at, value) {
  if (typeof value !== 'boolean') yield `${at} must be true or false, got: ${show(value)}`;
};

const texts: Check = function* (at, value) {
  if (!Array.isArray(value)) return yield `${at} must be a list, got: ${show(value)}`;
  for (const [index, entry] of value.entries()) yield* text(`${at}[${index}]`, entry);
};

function each(check: Check): Check {
  return function* (at, value) {
    if (!isObject(value)) return yield `${at} must be an object, got: ${show(value)}`;
    for (const [name, entry] of Object.entries(value)) yield* check(`${at}.${name}`, entry);
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
});

const fleet = record({
  instances: list(instance),
  minInstances: from(0),
  maxInstances: from(1),
  scaleIn: record({ strategy: text, cooldownMinutes: from(0), maxStep: from(1) }),
  provisionTimeoutSeconds: optional(positive),
});

const copies = {
  kind: text,
  copy: record({
    stepSeconds: record({ base: positive, perPromptToken: from(0), perSequence: from(0), perContextToken: from(0) }),
    maxSequences: from(1),
    maxStepTokens: from(1),
    kvCacheTokens: positive,
  }),
  coldStart: record({ stageSeconds: each(from(0)), variation: from(0) }),
  scaling: record({
    minCopies: from(0),
    maxCopies: from(1),
    targetConcurrency: positive,
    rule: anything,
    fromZeroAfterSeconds: from(0),
    schedule: optional(anything),
  }),
  maxConcurrencyPerCopy: optional(from(1)),
  routing: optional(text),
};

const KINDS: Readonly<Record<string, Check>> = {
  'inference-component': record({ ...copies, fleet: text, needs: record(needs) }),
  'imported-model': record({
    ...copies,
    hosting: record({ unitsPerCopy: positive, pricePerUnitMinuteUsd: from(0), evictAfterSeconds: from(0) }),
  }),
  tool: record({ kind: text, durationMs: distributionFaults, pricePerCallUsd: optional(from(0)) }),
};

const component: Check = function* (at, value) {
  const kind = isObject(value) ? value.kind : undefined;
  const check = typeof kind === 'string' && Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (!check) return yield `${at}.kind must be one of ${Object.keys(KINDS).join(', ')}, got: ${show(kind)}`;
  yield* check(at, value);
};

const node = record({
  id: text,
  needs: texts,
  component: optional(text),
  probability: optional(from(0, 1)),
  items: optional(distributionFaults),
  concurrency: optional(from(1)),
  promptTokens: optional(distributionFaults),
  outputTokens: optional(distributionFaults),
});

const shape = record({
  name: text,
  description: text,
  objective: record({ p95Ms: positive }),
  trainingDays: positive,
  agent: record({
    nodes: list(node),
    timeoutMs: positive,
    retry: optional(anything),
    orchestration: optional(record({ runMs: from(0), callMs: from(0) })),
  }),
  world: record({ fleets: each(fleet), components: each(component) }),
  workload: workloadFaults,
});

function* misfits({ agent, world, workload, trainingDays }: Scenario): Iterable<string> {
  if (trainingDays >= workload.days) {
    yield `scenario.trainingDays must be less than workload.days (${workload.days}), got: ${trainingDays}; the rest is scored`;
  }
  const ids = new Set<string>();
  for (const { id, needs: needed, component: name } of agent.nodes) {
    const at = `scenario.agent.nodes.${id}`;
    if (ids.has(id)) yield `${at} is there twice`;
    for (const need of needed) {
      if (!ids.has(need)) yield `${at}.needs names ${need}, which is no node before it`;
    }
    ids.add(id);
    if (name !== undefined && !Object.hasOwn(world.components, name)) {
      yield `${at}.component names ${name}, which is none of ${Object.keys(world.components).join(', ')}`;
    }
  }
  for (const [name, model] of Object.entries(world.components)) {
    const at = `scenario.world.components.${name}`;
    if (model.kind === 'tool') continue;
    if (model.scaling.minCopies > model.scaling.maxCopies) yield `${at}.scaling.minCopies is above maxCopies`;
    if (model.kind !== 'inference-component') continue;
    const on = Object.hasOwn(world.fleets, model.fleet) ? world.fleets[model.fleet] : undefined;
    if (!on) {
      yield `${at}.fleet names ${model.fleet}, which is none of ${Object.keys(world.fleets).join(', ')}`;
    } else if (!on.instances.some((each) => fits(model.needs, each))) {
      const types = on.instances.map(({ type }) => type).join(', ');
      yield `${at}.needs fits no instance of fleet ${model.fleet} (${types}): ask for less, or add a larger type`;
    }
  }
}
