import { inspect } from 'node:util';
import type { JwtSettings } from '../../../core/api/jwt-settings';
import { authorizer } from '../../../lambda/authorizer/authorizer';
import { keyFetcher } from '../../../lambda/authorizer/key-fetcher';
import { Issuer, newKey, requestWith, STAGE_ARN, sign } from './issuer';

const key = newKey('first');
const NOW_SECONDS = Math.floor(Date.now() / 1_000);

let issuer: Issuer;

beforeEach(async () => {
  issuer = new Issuer();
  issuer.keys = [key];
  await issuer.start();
});

afterEach(() => issuer.stop());

/** Asks an authorizer with these settings, and keeps what it logs. */
function newAuthorizer(settings: Partial<JwtSettings> = {}) {
  const lines: string[] = [];
  const clock = { nowMs: 0 };
  const decide = authorizer({
    settings: { ...issuer.settings, jwksUri: `${issuer.url}/keys`, ...settings },
    fetcher: keyFetcher,
    now: () => clock.nowMs,
    log: (line) => void lines.push(line),
  });
  const ask = (token: string, path?: string) => decide(requestWith(token, path));
  return { ask, lines, clock, decide };
}

const claims = () => issuer.claims(NOW_SECONDS + 600);

describe('a token of the issuer', () => {
  test('lets its subject call the whole stage, until the token expires', async () => {
    const { ask, lines } = newAuthorizer();
    expect(await ask(sign(key, claims()))).toEqual({
      principalId: 'ada',
      policyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: 'execute-api:Invoke',
            Resource: `${STAGE_ARN}/*`,
            Condition: {
              DateLessThanIfExists: {
                'aws:CurrentTime': new Date((NOW_SECONDS + 600) * 1_000).toISOString().replace('.000', ''),
              },
            },
          },
        ],
      },
    });
    expect(lines).toEqual([]);
  });

  test('is answered the same for every path, as the gateway keeps the answer for all of them', async () => {
    const { ask } = newAuthorizer();
    const token = sign(key, claims());
    expect(await ask(token, 'GET/agents')).toEqual(await ask(token, 'POST/agents/a/runs'));
  });

  test('may have several audiences', async () => {
    const { ask } = newAuthorizer({ audience: ['web', 'agents'] });
    await expect(ask(sign(key, { ...claims(), aud: ['other', 'agents'] }))).resolves.toHaveProperty('principalId');
  });

  test('may have its client for an audience, as access tokens of Cognito have', async () => {
    const { aud, ...others } = claims();
    const token = sign(key, { ...others, client_id: aud, token_use: 'access' });
    await expect(newAuthorizer().ask(token)).resolves.toHaveProperty('principalId', 'ada');
  });

  test('counts a little longer if clocks may differ', async () => {
    const token = sign(key, { ...claims(), exp: NOW_SECONDS - 30 });
    await expect(newAuthorizer({ clockToleranceSeconds: 60 }).ask(token)).resolves.toHaveProperty('principalId');
  });
});

describe('answered 401, and logged without the token, is a token that', () => {
  const other = newKey('first');

  test.each<[string, () => string, string, Partial<JwtSettings>?]>([
    ['another key signed', () => sign(other, claims()), 'Invalid signature'],
    ['a key signed that the issuer lacks', () => sign(newKey('second'), claims()), 'names a key'],
    ['another issuer issued', () => sign(key, { ...claims(), iss: 'https://example.com' }), 'of another issuer'],
    ['is for another audience', () => sign(key, { ...claims(), aud: 'web' }), 'another audience'],
    ['is for no audience', () => sign(key, { ...claims(), aud: undefined }), 'another audience'],
    ['has expired', () => sign(key, { ...claims(), exp: NOW_SECONDS - 30 }), 'Token expired'],
    ['never expires', () => sign(key, { ...claims(), exp: undefined }), 'never expires'],
    ['is not valid yet', () => sign(key, { ...claims(), nbf: NOW_SECONDS + 300 }), 'be used before'],
    ['tells who signed in', () => sign(key, { ...claims(), token_use: 'id' }), 'for \\"id\\", not for access'],
    ['is no access token', () => sign(key, claims(), { typ: 'logout+jwt' }), 'none of access tokens'],
    ['is an access token', () => sign(key, claims(), { typ: 'at+jwt' }), 'none of id tokens', { tokenUse: 'id' }],
    ['is signed by nothing', () => sign(key, claims(), { alg: 'none' }), 'algorithm'],
    ['is signed with a secret', () => sign(key, claims(), { alg: 'HS256' }), 'algorithm'],
    ['has no key', () => sign(key, claims(), { kid: undefined }), 'kid'],
    ['was changed', () => sign(key, claims()).replace(/\.[^.]+\./, `.${encoded()}.`), 'Invalid signature'],
    ['is none', () => 'token', 'no JWT'],
    ['is empty', () => '', 'no JWT'],
  ])('%s', async (_, token, reason, settings = {}) => {
    const { ask, lines } = newAuthorizer(settings);
    await expect(ask(token())).rejects.toThrow(/^Unauthorized$/);
    expect(lines).toEqual([expect.stringContaining(reason)]);
    expect(lines[0]).not.toContain('eyJ');
  });

  const encoded = () => Buffer.from(JSON.stringify({ ...claims(), sub: 'eve' })).toString('base64url');

  test('is not sent at all', async () => {
    await expect(newAuthorizer().decide({ methodArn: `${STAGE_ARN}/GET/agents` })).rejects.toThrow(/^Unauthorized$/);
  });
});

describe('a token that the issuer did not sign leaves none of its words, where it', () => {
  const SECRET = 'SECRET-7d1f';
  const part = (text: string) => Buffer.from(text).toString('base64url');

  test.each<[string, () => string]>([
    ['has a header that is no JSON', () => `${part(`{${SECRET}`)}.${part('{}')}.x`],
    ['has claims that are no JSON', () => `${part('{"alg":"RS256"}')}.${part(`${SECRET}}`)}.x`],
    ['names a key', () => sign(newKey(SECRET), claims())],
    ['names an issuer', () => sign(key, { ...claims(), iss: `https://${SECRET}` })],
    ['names an algorithm', () => sign(key, claims(), { alg: SECRET })],
  ])('%s', async (_, token) => {
    const { ask, lines } = newAuthorizer();
    const error = await ask(token()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ message: 'Unauthorized' });
    expect(lines).toEqual([expect.stringContaining('the token ')]);
    expect(lines[0]).not.toContain(SECRET);
    expect(inspect(error)).not.toContain(SECRET);
  });
});

describe('scopes', () => {
  const settings = { scopes: ['agents/run', 'agents/read'] };
  const refused = { Effect: 'Deny', Action: 'execute-api:Invoke', Resource: `${STAGE_ARN}/*` };

  test.each([
    ['a text', { scope: 'openid agents/read agents/run' }],
    ['a list', { scp: ['agents/run', 'agents/read'] }],
  ])('that a token has as %s are enough if all are among them', async (_, granted) => {
    const answer = await newAuthorizer(settings).ask(sign(key, { ...claims(), ...granted }));
    expect(answer.principalId).toBe('ada');
  });

  test('that a token lacks are answered 403 for the whole stage', async () => {
    const { ask, lines } = newAuthorizer(settings);
    const answer = await ask(sign(key, { ...claims(), scope: 'agents/run' }));
    expect(answer.policyDocument).toHaveProperty('Statement', [refused]);
    expect(lines).toEqual(['{"refused":"the token lacks the scopes agents/read"}']);
  });
});

describe('a tenant', () => {
  test('is told to the agents, and is whose use is metered', async () => {
    const { ask } = newAuthorizer({ tenantClaim: 'org', usageKeyPrefix: 'prefix' });
    const answer = await ask(sign(key, { ...claims(), org: 'acme' }));
    expect(answer).toMatchObject({ context: { tenant: 'acme' }, usageIdentifierKey: 'prefix-acme' });
  });

  test('is metered only where it is asked for', async () => {
    const answer = await newAuthorizer({ tenantClaim: 'org' }).ask(sign(key, { ...claims(), org: 'acme' }));
    expect(answer).not.toHaveProperty('usageIdentifierKey');
  });

  test.each([{}, { org: '' }, { org: 7 }])('that a token does not name is answered 403: %j', async (named) => {
    const { ask } = newAuthorizer({ tenantClaim: 'org' });
    const { policyDocument } = await ask(sign(key, { ...claims(), ...named }));
    expect(policyDocument).toHaveProperty('Statement.0.Effect', 'Deny');
  });
});

describe('the keys of the issuer', () => {
  test('are fetched once for many tokens', async () => {
    const { ask } = newAuthorizer();
    for (let i = 0; i < 3; i++) await ask(sign(key, claims()));
    expect(issuer.asked).toEqual(['/keys']);
  });

  test('are fetched anew when a token has one that is not among them', async () => {
    const { ask } = newAuthorizer();
    await ask(sign(key, claims()));
    const next = newKey('next');
    issuer.keys = [next];
    expect(await ask(sign(next, claims()))).toHaveProperty('principalId', 'ada');
  });

  test('no longer count an hour after the issuer has withdrawn them', async () => {
    const { ask, clock } = newAuthorizer();
    await ask(sign(key, claims()));
    issuer.keys = [newKey('next')];
    clock.nowMs = 61 * 60 * 1_000;
    await expect(ask(sign(key, claims()))).rejects.toThrow('Unauthorized');
  });

  test('are where its discovery document says', async () => {
    const { ask } = newAuthorizer({ jwksUri: undefined });
    await ask(sign(key, claims()));
    expect(issuer.asked).toEqual(['/.well-known/openid-configuration', '/keys']);
  });

  test('are not taken from the document of another', async () => {
    issuer.calledItself = 'https://example.com';
    await expect(newAuthorizer({ jwksUri: undefined }).ask(sign(key, claims()))).rejects.toThrow('not the document of');
  });

  test('are not taken from where anybody could change them', async () => {
    issuer.keysAt = `data:application/json,${JSON.stringify({ keys: [key.jwk] })}`;
    await expect(newAuthorizer({ jwksUri: undefined }).ask(sign(key, claims()))).rejects.toThrow('come the same way');
  });

  test('that cannot be had are no fault of the token, and are tried again', async () => {
    const { ask } = newAuthorizer({ jwksUri: undefined });
    issuer.status = 503;
    await expect(ask(sign(key, claims()))).rejects.toThrow('it answered 503');
    issuer.status = 200;
    expect(await ask(sign(key, claims()))).toHaveProperty('principalId', 'ada');
  });
});
