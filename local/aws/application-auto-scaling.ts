import { isRecord } from './http';
import type { LocalAws } from './local-aws';
import { listOf, optionalCount, optionalNumber, stringOf } from './read-json';
import { exception, type RpcInput, type RpcService } from './rpc-service';
import { SCALABLE_DIMENSION, SERVICE_NAMESPACE } from './scaling/names';
import type { ScalableTarget, SuspendedState } from './scaling/scalable-target';
import { readConfiguration } from './scaling/scaling-policy';

/** Application Auto Scaling of the copies of inference components. */
export const applicationAutoScaling: RpcService = {
  name: 'ApplicationAutoScaling',
  targetPrefix: 'AnyScaleFrontendService',
  operations: new Map([
    ['DeleteScalingPolicy', deleteScalingPolicy],
    ['DeleteScheduledAction', deleteScheduledAction],
    ['DescribeScalableTargets', describeScalableTargets],
    ['DescribeScalingActivities', describeScalingActivities],
    ['DescribeScalingPolicies', describeScalingPolicies],
    ['DescribeScheduledActions', describeScheduledActions],
    ['PutScalingPolicy', putScalingPolicy],
    ['PutScheduledAction', putScheduledAction],
    ['RegisterScalableTarget', registerScalableTarget],
  ]),
  rangeError: validationException,
};

function describeScalableTargets(aws: LocalAws, input: RpcInput): object {
  const ids = readNames(input.ResourceIds, 'ResourceIds');
  const targets = targetsOf(aws, input).filter(({ resourceId }) => ids?.includes(resourceId) ?? true);
  return pageOf(
    'ScalableTargets',
    targets.map((target) => target.describe()),
    input,
  );
}

function describeScalingPolicies(aws: LocalAws, input: RpcInput): object {
  const names = readNames(input.PolicyNames, 'PolicyNames');
  const policies = targetsOf(aws, input).flatMap((target) => target.policies);
  const wanted = policies.filter(({ PolicyName }) => names?.includes(PolicyName) ?? true);
  return pageOf('ScalingPolicies', wanted, input);
}

function describeScalingActivities(aws: LocalAws, input: RpcInput): object {
  const activities = targetsOf(aws, input).flatMap((target) => target.describeActivities());
  activities.sort((a, b) => b.StartTime - a.StartTime);
  return pageOf('ScalingActivities', activities, input);
}

function describeScheduledActions(aws: LocalAws, input: RpcInput): object {
  const names = readNames(input.ScheduledActionNames, 'ScheduledActionNames');
  const actions = targetsOf(aws, input).flatMap((target) => target.scheduledActions.describe());
  const wanted = actions.filter(({ ScheduledActionName }) => names?.includes(ScheduledActionName) ?? true);
  return pageOf('ScheduledActions', wanted, input);
}

function registerScalableTarget(aws: LocalAws, input: RpcInput): object {
  const target = findTarget(aws, input);
  if (!target) throw validationException(`Inference component not found: ${String(input.ResourceId)}`);
  const minCapacity = readCapacity(input.MinCapacity, 'MinCapacity');
  const maxCapacity = readCapacity(input.MaxCapacity, 'MaxCapacity');
  target.register({
    ...(minCapacity !== undefined && { minCapacity }),
    ...(maxCapacity !== undefined && { maxCapacity }),
    suspendedState: readSuspendedState(input.SuspendedState),
  });
  return { ScalableTargetARN: target.arn };
}

function putScalingPolicy(aws: LocalAws, input: RpcInput): object {
  const target = findTarget(aws, input);
  if (!target) throw objectNotFound('No scalable target registered for', input);
  const { PolicyARN, Alarms } = target.putPolicy(stringOf(input.PolicyName, 'PolicyName'), readConfiguration(input));
  return { PolicyARN, Alarms };
}

function deleteScalingPolicy(aws: LocalAws, input: RpcInput): object {
  const name = stringOf(input.PolicyName, 'PolicyName');
  if (findTarget(aws, input)?.deletePolicy(name)) return {};
  throw objectNotFound('No scaling policy found for', input, `, policy name: ${name}`);
}

function putScheduledAction(aws: LocalAws, input: RpcInput): object {
  const target = findTarget(aws, input);
  if (!target) throw objectNotFound('No scalable target registered for', input);
  const { ScheduledActionName, Schedule, Timezone, ScalableTargetAction } = input;
  const limits = isRecord(ScalableTargetAction) ? ScalableTargetAction : {};
  const MinCapacity = readCapacity(limits.MinCapacity, 'ScalableTargetAction.MinCapacity');
  const MaxCapacity = readCapacity(limits.MaxCapacity, 'ScalableTargetAction.MaxCapacity');
  if (MinCapacity === undefined && MaxCapacity === undefined) {
    throw new RangeError('ScalableTargetAction must have a MinCapacity or a MaxCapacity');
  }
  if ((Timezone ?? 'UTC') !== 'UTC') throw new RangeError('the local stack knows no Timezone but UTC');
  target.scheduledActions.put(stringOf(ScheduledActionName, 'ScheduledActionName'), stringOf(Schedule, 'Schedule'), {
    ...(MinCapacity !== undefined && { MinCapacity }),
    ...(MaxCapacity !== undefined && { MaxCapacity }),
  });
  return {};
}

function deleteScheduledAction(aws: LocalAws, input: RpcInput): object {
  const name = stringOf(input.ScheduledActionName, 'ScheduledActionName');
  if (findTarget(aws, input)?.scheduledActions.delete(name)) return {};
  throw objectNotFound('No scheduled action found for', input, `, scheduled action name: ${name}`);
}

function targetsOf({ scalableTargets }: LocalAws, input: RpcInput): readonly ScalableTarget[] {
  const { ServiceNamespace, ResourceId, ScalableDimension } = input;
  if (stringOf(ServiceNamespace, 'ServiceNamespace') !== SERVICE_NAMESPACE) return [];
  if ((ScalableDimension ?? SCALABLE_DIMENSION) !== SCALABLE_DIMENSION) return [];
  return scalableTargets.filter(({ resourceId }) => resourceId === (ResourceId ?? resourceId));
}

function findTarget(aws: LocalAws, input: RpcInput): ScalableTarget | undefined {
  stringOf(input.ResourceId, 'ResourceId');
  stringOf(input.ScalableDimension, 'ScalableDimension');
  return targetsOf(aws, input)[0];
}

function readCapacity(value: unknown, path: string): number | undefined {
  const capacity = optionalNumber(value, path);
  if (capacity === undefined || (Number.isInteger(capacity) && capacity >= 0)) return capacity;
  throw new RangeError(`${path} must be a whole number of at least 0, got: ${capacity}`);
}

function readSuspendedState(value: unknown): Partial<SuspendedState> {
  if (!isRecord(value)) return {};
  const names = ['DynamicScalingInSuspended', 'DynamicScalingOutSuspended', 'ScheduledScalingSuspended'];
  return Object.fromEntries(names.flatMap((name) => (typeof value[name] === 'boolean' ? [[name, value[name]]] : [])));
}

function readNames(value: unknown, path: string): string[] | undefined {
  if (value === undefined || value === null) return undefined;
  return listOf(value, path).map((name, at) => stringOf(name, `${path}[${at}]`));
}

/** A page is of 50 at most, and begins where the last one ended. */
function pageOf(member: string, items: readonly object[], { MaxResults, NextToken }: RpcInput): object {
  const begin = NextToken === undefined || NextToken === null ? 0 : Number(NextToken);
  if (!(Number.isInteger(begin) && begin >= 0)) throw exception('InvalidNextTokenException', 'NextToken is not valid');
  const end = begin + Math.min(50, optionalCount(MaxResults, 'MaxResults') ?? 50);
  return { [member]: items.slice(begin, end), ...(items.length > end && { NextToken: String(end) }) };
}

function objectNotFound(what: string, { ServiceNamespace, ResourceId, ScalableDimension }: RpcInput, more = '') {
  const where = `service namespace: ${String(ServiceNamespace)}, resource ID: ${String(ResourceId)}`;
  const message = `${what} ${where}, scalable dimension: ${String(ScalableDimension)}${more}`;
  return exception('ObjectNotFoundException', message);
}

function validationException(message: string) {
  return exception('ValidationException', message);
}
