import { isObject } from '../../core/graph/field-faults';
import { show } from '../../core/graph/show';
import { type Check, from, list, oneOf, optional, positive, record } from '../workload/checks';
import type { Distribution } from '../workload/distribution';
import { distributionFaults } from '../workload/distribution-faults';
import { ACCELERATORS, INSTANCE_OFFERS } from './instance-offers';
import { PlanError } from './plan-error';

/** What a graph does not tell, and a planner needs to know. */
export interface PlanFile {
  /** By the names that the graph calls. */
  readonly components: Readonly<Record<string, HostedPlan | ServicePlan>>;
  /** By the ids of the graph. */
  readonly nodes?: Readonly<Record<string, NodePlan>>;
  /** The only ones to choose from. @default all that are known */
  readonly instanceTypes?: readonly string[];
  /** By instance type, where the price differs from the list. */
  readonly pricesPerHourUsd?: Readonly<Record<string, number>>;
}

/** A model that is to run in copies on the fleet. */
export interface HostedPlan {
  /** One entry for each accelerator on which its speed is known. */
  readonly runsOn: readonly CopyPlan[];
  /** From an instance that is up and has the image to a copy that serves. @default that of an 8B model */
  readonly coldStartSeconds?: number;
}

/** One copy on one kind of accelerator. */
export interface CopyPlan {
  readonly accelerator: string;
  /** @default 1 */
  readonly accelerators?: number;
  readonly cpuCores: number;
  readonly memoryMiB: number;
  /** Of the library by name, or a file. */
  readonly profile: string;
}

/** Something that others run: a function, a retriever, a model behind an API. */
export interface ServicePlan {
  readonly durationMs: Distribution;
  /** @default 0 */
  readonly pricePerCallUsd?: number;
}

/** What a node asks of its component. */
export interface NodePlan {
  /** Share of runs in which a conditional node runs. */
  readonly probability?: number;
  /** Calls of a map. */
  readonly items?: Distribution;
  /** @default those of the request */
  readonly promptTokens?: Distribution;
  /** @default those of the request */
  readonly outputTokens?: Distribution;
}

const text: Check = function* (at, value) {
  if (typeof value !== 'string' || value === '') yield `${at} must be a text, got: ${show(value)}`;
};

const instanceType = oneOf(...INSTANCE_OFFERS.map(({ type }) => type));

const hosted = record({
  runsOn: list(
    record({
      accelerator: oneOf(...ACCELERATORS),
      accelerators: optional(wholeFromOne),
      cpuCores: from(0.25),
      memoryMiB: from(128),
      profile: text,
    }),
  ),
  coldStartSeconds: optional(from(0)),
});

const service = record({ durationMs: distributionFaults, pricePerCallUsd: optional(from(0)) });

const component: Check = function* (at, value) {
  if (isObject(value) && 'runsOn' in value) return yield* hosted(at, value);
  if (isObject(value) && 'durationMs' in value) return yield* service(at, value);
  yield `${at} must have runsOn, for a model of the fleet, or durationMs, for what others run, got: ${show(value)}`;
};

const node = record({
  probability: optional(from(0, 1)),
  items: optional(distributionFaults),
  promptTokens: optional(distributionFaults),
  outputTokens: optional(distributionFaults),
});

const planFile = record({
  components: byName(component),
  nodes: optional(byName(node)),
  instanceTypes: optional(list(instanceType)),
  pricesPerHourUsd: optional(pricesByType),
});

function* wholeFromOne(at: string, value: unknown): Iterable<string> {
  if (!Number.isSafeInteger(value) || (value as number) < 1) {
    yield `${at} must be a whole number from 1, got: ${show(value)}`;
  }
}

function byName(check: Check): Check {
  return function* (at, value) {
    if (!isObject(value)) return yield `${at} must be an object, got: ${show(value)}`;
    for (const [name, entry] of Object.entries(value)) yield* check(`${at}.${name}`, entry);
  };
}

function* pricesByType(at: string, value: unknown): Iterable<string> {
  yield* byName(positive)(at, value);
  if (isObject(value)) for (const type of Object.keys(value)) yield* instanceType(`the key of ${at}.${type}`, type);
}

/**
 * Reads the text of a plan file.
 *
 * @param file how errors name it
 * @throws PlanError that lists every fault by its field
 */
export function parsePlanFile(text: string, file: string): PlanFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new PlanError(`${file} is no JSON: ${(error as Error).message}`, { cause: error });
  }
  const faults = [...planFile('plan', value)];
  if (faults.length > 0)
    throw new PlanError(`${file} is no plan file:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  return value as PlanFile;
}
