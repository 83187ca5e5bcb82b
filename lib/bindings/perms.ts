// What the runtime calls, and nothing else.

export const FUNCTION_INVOKE_PERMS = ['lambda:InvokeFunction'];

export const READ_SECRET_PERMS = ['secretsmanager:GetSecretValue'];

export const DECRYPT_SECRET_PERMS = ['kms:Decrypt'];
