/** For whom the tokens of tenants are. */
export const AUDIENCE = 'agents';
