// What the runtime calls, and nothing else. `Converse` is authorised as `InvokeModel`
// (https://docs.aws.amazon.com/bedrock/latest/userguide/inference-prereq.html).

export const ENDPOINT_INVOKE_PERMS = ['sagemaker:InvokeEndpoint'];

export const MODEL_INVOKE_PERMS = ['bedrock:InvokeModel'];

export const FUNCTION_INVOKE_PERMS = ['lambda:InvokeFunction'];

export const READ_SECRET_PERMS = ['secretsmanager:GetSecretValue'];

export const DECRYPT_SECRET_PERMS = ['kms:Decrypt'];
