// What the tuner looks at, and what it changes.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsapplicationautoscaling.html

/** On `*`: the actions know no resources. */
export const OBSERVE = [
  'application-autoscaling:DescribeScalableTargets',
  'application-autoscaling:DescribeScalingActivities',
  'application-autoscaling:DescribeScalingPolicies',
  'cloudwatch:GetMetricData',
];

/** On scalable targets. */
export const TUNE = [
  'application-autoscaling:DeleteScheduledAction',
  'application-autoscaling:PutScalingPolicy',
  'application-autoscaling:PutScheduledAction',
  'application-autoscaling:RegisterScalableTarget',
];

// Whoever puts a target tracking policy must be permitted what Application Auto Scaling then does with its alarms:
// https://docs.aws.amazon.com/autoscaling/application/userguide/security_iam_id-based-policy-examples.html

/** On `*`, as the service-linked role has it. */
export const SEE_ALARMS = ['cloudwatch:DescribeAlarms'];

/** On alarms that Application Auto Scaling names. */
export const KEEP_TRACKING_ALARMS = ['cloudwatch:DeleteAlarms', 'cloudwatch:PutMetricAlarm'];

/** The ledger and what the tuner knows. */
export const KEEP_LEDGER = [
  'dynamodb:BatchGetItem',
  'dynamodb:DeleteItem',
  'dynamodb:PutItem',
  'dynamodb:Query',
  'dynamodb:UpdateItem',
];
