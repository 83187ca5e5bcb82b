import { statSync } from 'node:fs';
import { join } from 'node:path';
import { JWT_VARIABLE, type JwtSettings } from '../../../core/api/jwt-settings';
import { Issuer, newKey, sign } from './issuer';

const BUNDLE = join(__dirname, '../../../dist/functions/authorizer/index.js');

afterEach(() => delete process.env[JWT_VARIABLE]);

test('the function as it is deployed lets a token of its issuer in', async () => {
  const issuer = new Issuer();
  const key = newKey('first');
  issuer.keys = [key];
  await issuer.start();
  const settings: JwtSettings = {
    issuer: issuer.url,
    audience: ['agents'],
    tokenUse: 'access',
    scopes: [],
    clockToleranceSeconds: 0,
  };
  process.env[JWT_VARIABLE] = JSON.stringify(settings);
  try {
    const { handler } = require(BUNDLE);
    const exp = Math.floor(Date.now() / 1_000) + 60;
    const token = sign(key, { iss: issuer.url, aud: 'agents', sub: 'ada', exp });
    const methodArn = 'arn:aws:execute-api:us-east-1:123456789012:abcdef1234/prod/GET/agents';
    const answer = await handler({ type: 'TOKEN', authorizationToken: `Bearer ${token}`, methodArn });
    expect(answer.principalId).toBe('ada');
  } finally {
    await issuer.stop();
  }
});

test('it is small, so that callers do not wait for it to start', () => {
  expect(statSync(BUNDLE).size).toBeLessThan(50_000);
});
