/** A configuration that cannot be used. The message names the source, the field and the remedy; it is for logs. */
export class ConfigError extends Error {
  override readonly name: string = 'ConfigError';
}
