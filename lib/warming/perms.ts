// What the warmer and the agents do on the board, and what the warmer looks at.

export const READ_BOARD = ['dynamodb:BatchGetItem'];

export const WRITE_BOARD = ['dynamodb:DeleteItem', 'dynamodb:PutItem'];

/** On items whose key begins with `lease#`. */
export const TAKE_LEASE = ['dynamodb:DeleteItem', 'dynamodb:PutItem'];

/** On `*`: the action knows no resources. */
export const READ_SCALING = [
  'application-autoscaling:DescribeScalableTargets',
  'application-autoscaling:DescribeScalingPolicies',
];

/** On scalable targets. */
export const RAISE_MINIMUM = ['application-autoscaling:RegisterScalableTarget'];
