import { Duration } from 'aws-cdk-lib';
import type { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import type { InferenceFleetProps } from '../inference-fleet-props';
import { RoutingStrategy } from '../routing-strategy';
import type { ScaleInPolicy } from '../scale-in-policy';

/**
 * An update of an endpoint must keep the name of its variant, so it is the same for all.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-exclusions.html
 */
export const VARIANT = 'AllTraffic';

/** The one variant of a fleet. It has no model, or components would be refused. */
export function variantOf(props: InferenceFleetProps): CfnEndpointConfig.ProductionVariantProperty {
  const { instanceTypes, scaleIn, capacityReservationArn, inferenceAmiVersion } = props;
  const routing = props.routing ?? RoutingStrategy.LEAST_OUTSTANDING_REQUESTS;
  const several = instanceTypes.length > 1;
  const timeout = props.provisioningTimeout ?? (several ? Duration.minutes(30) : undefined);
  return {
    variantName: VARIANT,
    initialInstanceCount: initialOf(props),
    instanceType: several ? undefined : instanceTypes[0]?.name,
    instancePools: several
      ? instanceTypes.map(({ name }, index) => ({ instanceType: name, priority: index + 1 }))
      : undefined,
    variantInstanceProvisionTimeoutInSeconds: timeout?.toSeconds(),
    managedInstanceScaling: {
      status: 'ENABLED',
      minInstanceCount: minOf(props),
      maxInstanceCount: props.maxInstances,
      scaleInPolicy: scaleIn && renderScaleIn(scaleIn),
    },
    routingConfig: { routingStrategy: routing.name, prefixAwareRoutingConfig: routing.prefixAware },
    capacityReservationConfig:
      capacityReservationArn === undefined
        ? undefined
        : { capacityReservationPreference: 'capacity-reservations-only', mlReservationArn: capacityReservationArn },
    inferenceAmiVersion,
  };
}

export function minOf({ minInstances }: InferenceFleetProps): number {
  return minInstances ?? 1;
}

/** SageMaker starts no endpoint without instances, even if it may get rid of all later. */
export function initialOf(props: InferenceFleetProps): number {
  return props.initialInstances ?? Math.max(1, minOf(props));
}

function renderScaleIn({ name, options }: ScaleInPolicy): CfnEndpointConfig.ScaleInPolicyProperty {
  const { maxStep, cooldown } = options;
  return { strategy: name, maximumStepSize: maxStep, cooldownInMinutes: cooldown?.toMinutes() };
}
