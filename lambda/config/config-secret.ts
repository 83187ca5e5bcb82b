import { errorLike } from '../backends/error-like';
import { sdkConfig } from '../backends/sdk';
import { regionOf } from '../backends/secrets';

/** What the secret holds now, or held before it was written last. */
export type SecretStage = 'AWSCURRENT' | 'AWSPREVIOUS';

/** Time for all tries: the first run waits, and a caller behind API Gateway waits for no more than 29 s. */
const READ_TIMEOUT_MS = 10_000;

/** Beside one that was throttled or cut off. */
const MAX_ATTEMPTS = 3;

/** The text of a secret, empty if it holds bytes; undefined if it was not written twice. @throws what the SDK throws */
export async function readSecret(secretId: string, stage: SecretStage): Promise<string | undefined> {
  const { GetSecretValueCommand, SecretsManagerClient } = await import('#cdk-compound-inference/secrets-manager');
  const connection = await sdkConfig(READ_TIMEOUT_MS, regionOf(secretId));
  const client = new SecretsManagerClient({ ...connection, maxAttempts: MAX_ATTEMPTS });
  const command = new GetSecretValueCommand({ SecretId: secretId, VersionStage: stage });
  try {
    const { SecretString } = await client.send(command, { abortSignal: AbortSignal.timeout(READ_TIMEOUT_MS) });
    return SecretString ?? '';
  } catch (error) {
    if (stage === 'AWSPREVIOUS' && errorLike(error).name === 'ResourceNotFoundException') return undefined;
    throw error;
  } finally {
    client.destroy();
  }
}
