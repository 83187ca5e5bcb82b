import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { SCALABLE_COPIES } from '../../core/scale/scalable-target';

// Resources and conditions of the actions:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsapplicationautoscaling.html
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html

/** On an inference component. */
export const READ_COPIES = ['sagemaker:DescribeInferenceComponent'];

/**
 * On an inference component. Application Auto Scaling asks for it too, of whoever changes its scaling: this is what keeps a
 * function to its own components, because the ids in the ARNs of scalable targets are made up by the service.
 *
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/security_iam_permission_validation.html
 */
export const CHANGE_COPIES = ['sagemaker:UpdateInferenceComponentRuntimeConfig'];

/** The scalable targets of a Region, whose ids nobody knows before they are there. */
export function scalableTargets(scope: IConstruct, region: string): string {
  return Stack.of(scope).formatArn({
    service: 'application-autoscaling',
    region,
    resource: 'scalable-target',
    resourceName: '*',
  });
}

/** Permits to change the scaling of copies of inference components, and of nothing else that scales. */
export function changeScaling(targets: string, actions: string[]): PolicyStatement {
  return new PolicyStatement({
    actions,
    resources: [targets],
    conditions: {
      StringEquals: {
        'application-autoscaling:service-namespace': SCALABLE_COPIES.ServiceNamespace,
        'application-autoscaling:scalable-dimension': SCALABLE_COPIES.ScalableDimension,
      },
    },
  });
}
