import { perRegion, sdkConfig } from './sdk';

/** How long a secret is used before it is read anew: one that was rotated is then taken up before the old one ends. */
const KEPT_MS = 300_000;

/** A service that refuses a secret which was just read refuses it for other reasons, maybe in every call. */
const REREAD_MS = 10_000;

/** Secrets Manager answers in milliseconds, and a call waits for it. */
const SOCKET_TIMEOUT_MS = 5_000;

/** The text of a secret; undefined if it holds bytes. */
export type SecretText = Promise<string | undefined>;

interface Kept {
  readonly text: SecretText;
  readonly readAt: number;
}

/** Secrets of Secrets Manager. Each is read once by all who need it, and kept for some minutes. */
export class Secrets {
  readonly #kept = new Map<string, Kept>();
  readonly #manager = perRegion(async (region) => {
    const { GetSecretValueCommand, SecretsManagerClient } = await import('#cdk-compound-inference/secrets-manager');
    return { client: new SecretsManagerClient(await sdkConfig(SOCKET_TIMEOUT_MS, region)), GetSecretValueCommand };
  });

  read(secretId: string): SecretText {
    const kept = this.#kept.get(secretId);
    return kept && Date.now() - kept.readAt < KEPT_MS ? kept.text : this.#readAnew(secretId);
  }

  /** What the secret is now, after a service refused it: calls that were refused together read it once. */
  readAfter(secretId: string, refused: SecretText): SecretText {
    const kept = this.#kept.get(secretId);
    const isNew = kept && (kept.text !== refused || Date.now() - kept.readAt < REREAD_MS);
    return isNew ? kept.text : this.#readAnew(secretId);
  }

  #readAnew(secretId: string): SecretText {
    const kept = { text: this.#fetch(secretId), readAt: Date.now() };
    this.#kept.set(secretId, kept);
    kept.text.catch(() => {
      if (this.#kept.get(secretId) === kept) this.#kept.delete(secretId);
    });
    return kept.text;
  }

  async #fetch(secretId: string): SecretText {
    const { client, GetSecretValueCommand } = await this.#manager(regionOf(secretId));
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
    return SecretString;
  }
}

/** `arn:partition:secretsmanager:region:account:secret:name`; a name is one of the function's own region. */
export function regionOf(secretId: string): string | undefined {
  return secretId.startsWith('arn:') ? secretId.split(':')[3] : undefined;
}
