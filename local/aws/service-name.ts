/** The services of the local stack. */
export type ServiceName =
  | 'ApplicationAutoScaling'
  | 'BedrockRuntime'
  | 'CloudWatch'
  | 'CloudWatchLogs'
  | 'DynamoDB'
  | 'Lambda'
  | 'SageMaker'
  | 'SageMakerRuntime';
