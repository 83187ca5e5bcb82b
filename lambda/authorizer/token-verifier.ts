import { JwtVerifier } from 'aws-jwt-verify';
import { FetchError } from 'aws-jwt-verify/error';
import type { Fetcher } from 'aws-jwt-verify/https';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import type { JwtPayload } from 'aws-jwt-verify/jwt-model';
import type { JwtSettings } from '../../core/api/jwt-settings';
import { checkClaims } from './claims';

/** After so long keys are fetched anew, so that one which the issuer withdraws stops counting. Unknown keys are looked for at once. */
const KEYS_LAST_MS = 60 * 60 * 1_000;

interface Verifier {
  verify(token: string): Promise<JwtPayload>;
}

export interface TokenVerifierOptions {
  readonly settings: JwtSettings;
  readonly fetcher: Fetcher;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Verifies tokens with the keys of their issuer, which it keeps. */
export class TokenVerifier {
  readonly #options: TokenVerifierOptions;
  #verifier: Promise<Verifier> | undefined;
  #madeAtMs = 0;

  constructor(options: TokenVerifierOptions) {
    this.#options = options;
  }

  /** The claims of a token. @throws what is wrong with it, or a FetchError if that cannot be told without keys */
  public async verify(token: string): Promise<JwtPayload> {
    const nowMs = this.#options.now();
    if (this.#verifier === undefined || nowMs - this.#madeAtMs > KEYS_LAST_MS) {
      this.#verifier = this.#make();
      this.#madeAtMs = nowMs;
      this.#verifier.catch(() => {
        this.#verifier = undefined;
      });
    }
    return (await this.#verifier).verify(token);
  }

  async #make(): Promise<Verifier> {
    const { settings, fetcher } = this.#options;
    return JwtVerifier.create(
      {
        issuer: settings.issuer,
        // Checked with the other claims, because access tokens need not have one.
        audience: null,
        jwksUri: settings.jwksUri ?? (await discoverKeys(settings.issuer, fetcher)),
        graceSeconds: settings.clockToleranceSeconds,
        customJwtCheck: ({ header, payload }) => checkClaims(header, payload, settings),
      },
      { jwksCache: new SimpleJwksCache({ fetcher }) },
    );
  }
}

/**
 * Where an issuer says that its keys are.
 *
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig
 */
async function discoverKeys(issuer: string, fetcher: Fetcher): Promise<string> {
  const uri = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const text = new TextDecoder().decode(await fetcher.fetch(uri));
  const found: { readonly issuer?: unknown; readonly jwks_uri?: unknown } = parse(uri, text);
  const { jwks_uri: keys } = found;
  // Keys that come over a weaker protocol than the issuer's would prove nothing.
  if (found.issuer !== issuer || typeof keys !== 'string' || !keys.startsWith(`${new URL(issuer).protocol}//`)) {
    throw new FetchError(uri, `it is not the document of ${issuer}, or names no keys that come the same way`);
  }
  return keys;
}

function parse(uri: string, text: string): object {
  try {
    return Object(JSON.parse(text));
  } catch {
    throw new FetchError(uri, 'it is no JSON');
  }
}
