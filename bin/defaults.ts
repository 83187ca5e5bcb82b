/** Where `compound local` listens and `compound ask` looks. */
export const DEFAULT_PORT = '4100';

/** Cold starts of minutes pass in seconds, and a model still takes long enough to be seen working. */
export const DEFAULT_SPEED = '100';
