import { statSync } from 'node:fs';
import { join } from 'node:path';
import { JWT_VARIABLE } from '../../../core/api/jwt-settings';
import { Issuer, newKey, requestWith, sign } from './issuer';

const BUNDLE = join(__dirname, '../../../dist/functions/authorizer/index.js');

afterEach(() => delete process.env[JWT_VARIABLE]);

test('the function as it is deployed lets a token of its issuer in', async () => {
  const issuer = new Issuer();
  const key = newKey('first');
  issuer.keys = [key];
  await issuer.start();
  process.env[JWT_VARIABLE] = JSON.stringify(issuer.settings);
  try {
    const { handler } = require(BUNDLE);
    const answer = await handler(requestWith(sign(key, issuer.claims())));
    expect(answer.principalId).toBe('ada');
  } finally {
    await issuer.stop();
  }
});

test('it is small, so that callers do not wait for it to start', () => {
  expect(statSync(BUNDLE).size).toBeLessThan(50_000);
});
