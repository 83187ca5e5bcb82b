import { amount, type Check, each, type Fields, name, objectFaults, optional, text } from '../graph/field-faults';
import { show } from '../graph/show';
import { checkShape, type Need, type PlanPart, type ShapeNode } from './split/graph-shape';
import { ALL_MECHANISMS } from './tuner/config';
import type { DeployedPolicy } from './tuner/policy-watch';
import { callersOf, type TunedAgent, type TunedComponent, type TunerDeployment } from './tuner-deployment';

const NEED: Fields<Need> = { node: name, probability: share };

const PART: Fields<PlanPart> = { plan: name, calls: name };

const NODE: Fields<ShapeNode> = {
  id: name,
  component: optional(name),
  needs: listOf(NEED),
  join: oneOf('all', 'any'),
  width: positive,
  repeat: share,
  part: optional((at, value) => objectFaults(at, value, PART)),
};

const AGENT: Fields<TunedAgent> = { functionName: name, objectiveMs: positive, nodes: listOf(NODE) };

const DEPLOYED: Fields<DeployedPolicy> = {
  target: positive,
  scaleOutCooldownSeconds: amount,
  scaleInCooldownSeconds: amount,
};

const COMPONENT: Fields<TunedComponent> = {
  inferenceComponentName: name,
  policyName: name,
  minCopies: wholeFrom(0),
  maxCopies: wholeFrom(1),
  minTarget: atLeastOne,
  maxTarget: atLeastOne,
  pricePerCopyHourUsd: positive,
  objectiveMs: optional(positive),
  deployed: optional((at, value) => objectFaults(at, value, DEPLOYED)),
  acknowledgedAtMs: optional(wholeFrom(0)),
};

const MECHANISMS = Object.fromEntries(Object.keys(ALL_MECHANISMS).map((mechanism) => [mechanism, optional(flag)]));

const DEPLOYMENT: Fields<TunerDeployment> = {
  mode: oneOf('act', 'dry-run', 'off'),
  mechanisms: optional((at, value) => objectFaults(at, value, MECHANISMS)),
  table: name,
  ledgerDays: optional(positive),
  agents: recordOf(AGENT),
  components: recordOf(COMPONENT),
  revision: optional(text),
};

/** Keys of the table that belong to the tuner itself begin with it. */
export const RESERVED_PREFIX = '@';

/** What is wrong with the configuration of a tuner, field by field; of one without such faults, what does not fit together. */
export function* tunerDeploymentFaults(deployment: unknown): Iterable<string> {
  const faults = [...objectFaults('tuner', deployment, DEPLOYMENT)];
  yield* faults;
  if (faults.length === 0) yield* relationFaults(deployment as TunerDeployment);
}

function* relationFaults(deployment: TunerDeployment): Iterable<string> {
  for (const [agent, { nodes }] of Object.entries(deployment.agents)) {
    try {
      checkShape(nodes);
    } catch (error) {
      yield `tuner.agents.${agent}.nodes: ${(error as Error).message}`;
    }
  }
  const byName = new Map<string, string>();
  for (const [component, tuned] of Object.entries(deployment.components)) {
    const at = `tuner.components.${component}`;
    const { minCopies, maxCopies, minTarget, maxTarget, inferenceComponentName } = tuned;
    if (component.startsWith(RESERVED_PREFIX)) yield `${at}: names must not begin with ${RESERVED_PREFIX}`;
    if (maxCopies < minCopies) yield `${at}.maxCopies must be at least minCopies (${minCopies}), got: ${maxCopies}`;
    if (maxTarget < minTarget) yield `${at}.maxTarget must be at least minTarget (${minTarget}), got: ${maxTarget}`;
    if (callersOf(deployment, component).length === 0) {
      yield `${at} is called by no node of ${Object.keys(deployment.agents).join(', ') || 'any agent'}: its latency is not measured`;
    }
    const other = byName.get(inferenceComponentName);
    if (other !== undefined) yield `${at}.inferenceComponentName is that of ${other}: ${inferenceComponentName}`;
    byName.set(inferenceComponentName, component);
  }
}

function recordOf(fields: Readonly<Record<string, Check>>): Check {
  return each((at, value) => objectFaults(at, value, fields));
}

function listOf(fields: Readonly<Record<string, Check>>): Check {
  return function* (at, value) {
    if (!Array.isArray(value)) return yield `${at} must be a list, got: ${show(value)}`;
    for (const [i, item] of value.entries()) yield* objectFaults(`${at}[${i}]`, item, fields);
  };
}

function oneOf(...words: readonly string[]): Check {
  return function* (at, value) {
    if (!words.some((word) => word === value)) yield `${at} must be one of ${words.join(', ')}, got: ${show(value)}`;
  };
}

function wholeFrom(least: number): Check {
  return function* (at, value) {
    if (!(Number.isSafeInteger(value) && (value as number) >= least)) {
      yield `${at} must be a whole number from ${least}, got: ${show(value)}`;
    }
  };
}

function* flag(at: string, value: unknown): Iterable<string> {
  if (typeof value !== 'boolean') yield `${at} must be true or false, got: ${show(value)}`;
}

function* positive(at: string, value: unknown): Iterable<string> {
  if (!(typeof value === 'number' && value > 0 && value < Infinity)) {
    yield `${at} must be a positive number, got: ${show(value)}`;
  }
}

function* atLeastOne(at: string, value: unknown): Iterable<string> {
  if (!(typeof value === 'number' && value >= 1 && value < Infinity)) {
    yield `${at} must be a number from 1, got: ${show(value)}`;
  }
}

function* share(at: string, value: unknown): Iterable<string> {
  if (!(typeof value === 'number' && value >= 0 && value <= 1)) {
    yield `${at} must be a number from 0 to 1, got: ${show(value)}`;
  }
}
