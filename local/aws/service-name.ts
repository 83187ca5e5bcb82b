/** The services of the local stack. */
export type ServiceName =
  | 'ApplicationAutoScaling'
  | 'BedrockRuntime'
  | 'CloudWatch'
  | 'DynamoDB'
  | 'Lambda'
  | 'SageMaker'
  | 'SageMakerRuntime';
