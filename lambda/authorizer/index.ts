import { JWT_VARIABLE, type JwtSettings } from '../../core/api/jwt-settings';
import { authorizer } from './authorizer';
import { keyFetcher } from './key-fetcher';

const settings: JwtSettings = JSON.parse(process.env[JWT_VARIABLE] ?? '{}');

export const handler = authorizer({ settings, fetcher: keyFetcher, now: Date.now, log: console.log });
