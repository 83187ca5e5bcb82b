import { ACCOUNT, REGION } from '../http';

export const SERVICE_NAMESPACE = 'sagemaker';
export const SCALABLE_DIMENSION = 'sagemaker:inference-component:DesiredCopyCount';

/** Used by Application Auto Scaling for SageMaker whatever it is told. */
export const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint`;

export const resourceIdOf = (componentName: string) => `inference-component/${componentName}`;

export const targetArn = (id: string) => `arn:aws:application-autoscaling:${REGION}:${ACCOUNT}:scalable-target/${id}`;

export const policyArn = (id: string, resourceId: string, policyName: string) =>
  `arn:aws:autoscaling:${REGION}:${ACCOUNT}:scalingPolicy:${id}:resource/${SERVICE_NAMESPACE}/${resourceId}:policyName/${policyName}`;

export const actionArn = (id: string, resourceId: string, actionName: string) =>
  `arn:aws:autoscaling:${REGION}:${ACCOUNT}:scheduledAction:${id}:resource/${SERVICE_NAMESPACE}/${resourceId}:scheduledActionName/${actionName}`;

export const alarmArn = (alarmName: string) => `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:${alarmName}`;
