import { type Duration, Token } from 'aws-cdk-lib';
import { known, knownMs, type Report, show } from '../../private/checks';
import { checkShape } from '../../private/shape';
import { selectedSubnets } from '../../private/subnets';
import type { InferenceFleetProps } from '../inference-fleet-props';
import type { PrefixAwareRoutingOptions } from '../routing-strategy';
import type { ConsolidationOptions } from '../scale-in-policy';
import { CONSOLIDATION, FLEET, PREFIX_AWARE } from './shapes';
import { MOST_COMPONENT_STACKS } from './stack-checks';

/** https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-heterogeneous.html */
const MOST_INSTANCE_TYPES = 5;

/** https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantCapacityReservationConfig.html */
const RESERVATION_ARN = /^arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:\d{12}:[a-z0-9-]{1,14}\/./;

/** What is wrong with a fleet by itself; tokens pass. */
export function checkFleet(props: InferenceFleetProps, report: Report): void {
  if (!checkShape('fleet', '', props, FLEET, report)) return;
  checkInstanceTypes(props, report);
  checkReservation(props, report);
  checkCounts(props, report);
  checkRanges(props, report);
  checkNetwork(props, report);
  checkComponentStacks(props, report);
}

function checkInstanceTypes({ instanceTypes, volumeKey }: InferenceFleetProps, report: Report) {
  if (instanceTypes.length === 0) {
    report(
      'fleet/no-instance-type',
      'instanceTypes',
      'must not be empty: give the type to prefer, then those to fall back to',
    );
  }
  if (instanceTypes.length > MOST_INSTANCE_TYPES) {
    const message = `must have at most ${MOST_INSTANCE_TYPES} types, got: ${instanceTypes.length}; leave out the last`;
    report('fleet/too-many-instance-types', 'instanceTypes', message);
  }

  const names = instanceTypes.map(({ name }) => known(name));
  for (const [index, name] of names.entries()) {
    const field = `instanceTypes[${index}]`;
    if (name === undefined) continue;
    if (!/^ml\.[a-z0-9-]+\.[a-z0-9-]+$/.test(name)) {
      const message = `must be a type of SageMaker such as "ml.g6.12xlarge", got: ${show(name)}`;
      report('fleet/instance-type-name', field, message);
    }
    if (names.indexOf(name) < index) {
      report('fleet/duplicate-instance-type', field, `is there already, got: ${show(name)}; remove it`);
    }
    if (volumeKey !== undefined && instanceTypes[index]?.facts?.hasNvme) {
      const message = `is not possible with ${name}, whose NVMe storage the hardware encrypts: leave out volumeKey or the type`;
      report('fleet/volume-key-with-nvme', 'volumeKey', message);
    }
  }
}

function checkReservation({ instanceTypes, capacityReservationArn }: InferenceFleetProps, report: Report) {
  if (capacityReservationArn === undefined) return;
  if (instanceTypes.length > 1) {
    const message = `holds instances of one type, but instanceTypes has ${instanceTypes.length}: keep the reserved one`;
    report('fleet/reservation-with-several-types', 'capacityReservationArn', message);
  }
  const arn = known(capacityReservationArn);
  if (arn === undefined || RESERVATION_ARN.test(arn)) return;
  const example = 'arn:aws:sagemaker:us-east-1:123456789012:training-plan/plan';
  const message = `must be the ARN of an ML capacity reservation, as in ${example}, got: ${show(arn)}`;
  report('fleet/reservation-arn', 'capacityReservationArn', message);
}

function checkCounts({ minInstances, maxInstances, initialInstances }: InferenceFleetProps, report: Report) {
  const min = wholeNumber('minInstances', minInstances, 0, report);
  const max = wholeNumber('maxInstances', maxInstances, 1, report);
  const initial = wholeNumber('initialInstances', initialInstances, 1, report);

  if (Token.isUnresolved(minInstances) && initialInstances === undefined) {
    const message =
      'must be given, because minInstances is known only at deployment and may be 0, which SageMaker refuses';
    report('fleet/initial-instances', 'initialInstances', message);
  }
  if (min !== undefined && max !== undefined && min > max) {
    report('fleet/min-above-max', 'minInstances', `must not be above maxInstances (${max}), got: ${min}`);
  }
  if (initial !== undefined && max !== undefined && initial > max) {
    report('fleet/initial-above-max', 'initialInstances', `must not be above maxInstances (${max}), got: ${initial}`);
  }
  if (initial !== undefined && min !== undefined && initial < min) {
    report('fleet/initial-below-min', 'initialInstances', `must not be below minInstances (${min}), got: ${initial}`);
  }
}

function checkRanges({ provisioningTimeout, scaleIn, routing }: InferenceFleetProps, report: Report) {
  const seconds = inUnits(provisioningTimeout, 1000);
  if (isOutside(seconds, 300, 3600)) {
    const message = `must be 5 minutes to an hour in whole seconds, got: ${seconds} s`;
    report('fleet/provisioning-timeout', 'provisioningTimeout', message);
  }

  if (scaleIn && checkShape('fleet', 'scaleIn', scaleIn.options, CONSOLIDATION, report)) {
    checkScaleIn(scaleIn.options, report);
  }
  const prefixAware = routing?.prefixAware;
  if (prefixAware && checkShape('fleet', 'routing', prefixAware, PREFIX_AWARE, report)) {
    checkPrefix(prefixAware, report);
  }
}

function checkScaleIn({ maxStep, cooldown }: ConsolidationOptions, report: Report) {
  const step = known(maxStep);
  if (isOutside(step, 1, 100)) {
    report('fleet/scale-in-step', 'scaleIn.maxStep', `must be a whole number from 1 to 100, got: ${step}`);
  }
  const minutes = inUnits(cooldown, 60_000);
  if (isOutside(minutes, 5, 1440)) {
    const message = `must be 5 minutes to a day in whole minutes, got: ${minutes} min`;
    report('fleet/scale-in-cooldown', 'scaleIn.cooldown', message);
  }
}

function checkPrefix({ prefixLength, concurrencyThreshold }: PrefixAwareRoutingOptions, report: Report) {
  const length = known(prefixLength);
  if (isOutside(length, 1024, 65_536)) {
    const message = `must be a whole number from 1024 to 65536, got: ${length}`;
    report('fleet/prefix-length', 'routing.prefixLength', message);
  }
  const threshold = known(concurrencyThreshold);
  if (isOutside(threshold, 1, 1024)) {
    const message = `must be a whole number from 1 to 1024, got: ${threshold}`;
    report('fleet/prefix-concurrency', 'routing.concurrencyThreshold', message);
  }
}

function checkNetwork({ vpc, vpcSubnets, securityGroups }: InferenceFleetProps, report: Report) {
  if (vpc !== undefined) {
    selectedSubnets('fleet/no-subnets', 'vpcSubnets', vpc, vpcSubnets, report);
    if (securityGroups?.length === 0) {
      const message = 'must not be empty: give at least one, or leave it out for a new one';
      report('fleet/no-security-groups', 'securityGroups', message);
    }
    return;
  }
  if (vpcSubnets !== undefined) {
    report('fleet/vpc-missing', 'vpcSubnets', 'needs vpc: give the network that has the subnets');
  }
  if (securityGroups !== undefined) {
    report('fleet/vpc-missing', 'securityGroups', 'needs vpc: give the network that has the security groups');
  }
}

function checkComponentStacks({ componentStacks }: InferenceFleetProps, report: Report) {
  const isKnown = !Token.isUnresolved(componentStacks);
  if (isKnown && !isOutside(componentStacks, 1, MOST_COMPONENT_STACKS)) return;
  const message = `must be a whole number from 1 to ${MOST_COMPONENT_STACKS} that is known at synthesis, got: ${show(componentStacks)}`;
  report('fleet/component-stacks', 'componentStacks', message);
}

/** The count, if it is known and right. */
function wholeNumber(field: string, value: number | undefined, least: number, report: Report): number | undefined {
  const count = known(value);
  if (count === undefined || (Number.isInteger(count) && count >= least)) return count;
  report('fleet/instance-count', field, `must be a whole number from ${least} up, got: ${count}`);
  return undefined;
}

function inUnits(duration: Duration | undefined, unitMs: number): number | undefined {
  const ms = knownMs(duration);
  return ms === undefined ? undefined : ms / unitMs;
}

function isOutside(value: number | undefined, least: number, most: number): boolean {
  return value !== undefined && !(Number.isInteger(value) && value >= least && value <= most);
}
