import type { Duration } from 'aws-cdk-lib';
import { known, knownMs, type Report, show } from '../../private/checks';
import { checkShape } from '../../private/shape';
import type { JwtOptions } from '../jwt-options';
import { checkTenants } from './api-tenants';
import { JWT } from './shapes';

const MAX_TOLERANCE_SECONDS = 300;

/** https://docs.aws.amazon.com/apigateway/latest/api/API_CreateAuthorizer.html */
const MAX_CACHE_SECONDS = 3_600;

export function checkJwt(options: JwtOptions, report: Report): void {
  if (!checkShape('api', 'authorization', options, JWT, report)) return;
  checkAddress('issuer', options.issuer, report);
  checkAddress('jwksUri', options.jwksUri, report);
  if (options.audience.length === 0) {
    report('api/no-audience', 'authorization.audience', 'is empty: name whom tokens are meant for, or none is let in');
  }
  checkSeconds('clockTolerance', options.clockTolerance, MAX_TOLERANCE_SECONDS, report);
  checkSeconds('resultsCacheTtl', options.resultsCacheTtl, MAX_CACHE_SECONDS, report);
  if (options.tenants === undefined) return;
  if (options.tenantClaim === undefined) {
    report(
      'api/tenants-without-claim',
      'authorization.tenants',
      'needs tenantClaim, by which a token names its tenant',
    );
  }
  checkTenants(options.tenants, report);
}

/** What decides who gets in must not be changed on its way. */
function checkAddress(name: string, given: string | undefined, report: Report): void {
  const address = known(given);
  if (address === undefined || (/^https:\/\/[^/\s?#]+/.test(address) && !/\s/.test(address))) return;
  const rule = 'must be an address that begins with https://';
  report('api/bad-issuer', `authorization.${name}`, `${rule}, got: ${show(address)}`);
}

function checkSeconds(name: string, given: Duration | undefined, most: number, report: Report): void {
  const ms = knownMs(given);
  if (ms === undefined || (Number.isInteger(ms / 1_000) && ms <= most * 1_000)) return;
  report('api/bad-duration', `authorization.${name}`, `must be whole seconds, at most ${most}, got: ${ms / 1_000} s`);
}
