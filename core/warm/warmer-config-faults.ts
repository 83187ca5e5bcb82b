import {
  amount,
  type Check,
  each,
  type Fields,
  isObject,
  name,
  objectFaults,
  optional,
  text,
} from '../graph/field-faults';
import { show } from '../graph/show';
import { COLD_START_PATHS } from './cold-start';
import type { WarmNode } from './graph';
import { WARM_POLICIES } from './policies';
import type {
  FirstCall,
  SageMakerBackend,
  WarmedAgent,
  WarmedBackend,
  WarmerConfig,
  WarmerLimits,
} from './warmer-config';

const PATH = oneOf(COLD_START_PATHS);

const FIRST_CALL: Fields<FirstCall> = { contentType: optional(name), body: text };

const COSTS = {
  pricePerHourUsd: positive,
  minimumBillUsd: optional(amount),
  delayPenaltyFactor: optional(amount),
  region: optional(name),
  concurrencyPerCopy: optional(positive),
};

const RESTART: Fields<NonNullable<SageMakerBackend['restart']>> = { path: PATH, withinMs: amount };

const firstCall: Check = (at, value) => objectFaults(at, value, FIRST_CALL);

const BACKENDS: { readonly [T in WarmedBackend['type']]: Fields<Omit<Extract<WarmedBackend, { type: T }>, 'type'>> } = {
  sagemaker: {
    inferenceComponentName: name,
    endpointName: name,
    minCopies: optional(count),
    maxCopies: count,
    startPath: PATH,
    restart: optional((at, value) => objectFaults(at, value, RESTART)),
    firstCall: optional(firstCall),
    ...COSTS,
  },
  bedrock: { modelId: name, firstCall: optional(firstCall), staysWarmMs: optional(positive), ...COSTS },
  lambda: { functionName: name, firstCall, staysWarmMs: optional(positive), ...COSTS },
};

const LIMITS: Fields<WarmerLimits> = {
  hourlyBudgetUsd: amount,
  monthlyBudgetUsd: amount,
  maxSimultaneousWarms: optional(count),
  windowMs: optional(positive),
  graceMs: optional(amount),
};

const NODE: Fields<WarmNode> = {
  id: name,
  needs: list,
  fewestNeeds: optional(count),
  component: optional(name),
  conditional: boolean,
  guard: optional(count),
};

const AGENT: Fields<WarmedAgent> = { graph: graphFaults, components: each(name) };

const CONFIG: Fields<WarmerConfig> = {
  enabled: optional(boolean),
  policy: oneOf(Object.keys(WARM_POLICIES)),
  table: name,
  agents: each((at, value) => objectFaults(at, value, AGENT)),
  backends: each(backendFaults),
  limits: (at, value) => objectFaults(at, value, LIMITS),
  costRule: optional(oneOf(['marginal', 'full'])),
};

/** What is wrong with the configuration of a warmer, field by field; nothing if it can be used as a `WarmerConfig`. */
export function warmerConfigFaults(value: unknown): string[] {
  if (!isObject(value)) return ['the configuration must be an object'];
  const { revision: _, ...fields } = value;
  const faults = [...objectFaults('warmer', fields, CONFIG)];
  return faults.length > 0 ? faults : [...referenceFaults(fields as unknown as WarmerConfig)];
}

/** Of a configuration whose fields are of the right types. */
function* referenceFaults({ agents, backends }: WarmerConfig): Iterable<string> {
  for (const [agent, { graph, components }] of Object.entries(agents)) {
    const at = `warmer.agents.${agent}`;
    if (graph.name !== agent) yield `${at}.graph.name must be that of the agent, got: ${show(graph.name)}`;
    for (const [component, key] of Object.entries(components)) {
      if (!Object.hasOwn(backends, key))
        yield `${at}.components.${component} must be a key of backends, got: ${show(key)}`;
    }
  }
  for (const [key, backend] of Object.entries(backends)) {
    if (backend.type === 'sagemaker' && (backend.minCopies ?? 0) > backend.maxCopies) {
      yield `warmer.backends.${key}.minCopies must be at most maxCopies, ${backend.maxCopies}, got: ${backend.minCopies}`;
    }
  }
}

function* graphFaults(at: string, graph: unknown): Iterable<string> {
  if (!isObject(graph) || !Array.isArray(graph.nodes)) return yield `${at} must be an object with a list of nodes`;
  yield* name(`${at}.name`, graph.name);
  for (const [position, node] of graph.nodes.entries()) {
    const here = `${at}.nodes[${position}]`;
    const faults = [...objectFaults(here, node, NODE)];
    yield* faults;
    if (faults.length > 0) continue;
    const { needs, guard } = node as WarmNode;
    for (const earlier of guard === undefined ? needs : [...needs, guard]) {
      if (!(Number.isInteger(earlier) && earlier >= 0 && earlier < position)) {
        yield `${here} must name earlier nodes by position, got: ${show(earlier)}`;
      }
    }
  }
}

function* backendFaults(at: string, backend: unknown): Iterable<string> {
  if (!hasType(backend)) return yield `${at}.type must be one of ${Object.keys(BACKENDS).join(', ')}`;
  const { type, ...fields } = backend;
  yield* objectFaults(at, fields, BACKENDS[type]);
}

function hasType(backend: unknown): backend is { readonly type: WarmedBackend['type'] } {
  return isObject(backend) && typeof backend.type === 'string' && Object.hasOwn(BACKENDS, backend.type);
}

function oneOf(words: readonly string[]): Check {
  return function* (at, value) {
    if (!words.includes(value as string)) yield `${at} must be one of ${words.join(', ')}, got: ${show(value)}`;
  };
}

function* list(at: string, value: unknown): Iterable<string> {
  if (!Array.isArray(value)) yield `${at} must be a list, got: ${show(value)}`;
}

function* boolean(at: string, value: unknown): Iterable<string> {
  if (typeof value !== 'boolean') yield `${at} must be true or false, got: ${show(value)}`;
}

function* positive(at: string, value: unknown): Iterable<string> {
  if (!(typeof value === 'number' && value > 0 && value < Infinity)) {
    yield `${at} must be a number above 0, got: ${show(value)}`;
  }
}

function* count(at: string, value: unknown): Iterable<string> {
  if (!(Number.isInteger(value) && (value as number) >= 0)) {
    yield `${at} must be a whole number from 0, got: ${show(value)}`;
  }
}
