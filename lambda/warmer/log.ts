import { errorLike } from '../backends/error-like';

/** Takes one JSON document a line, which CloudWatch can query field by field. */
export type Log = (level: 'INFO' | 'ERROR', message: string, fields: Readonly<Record<string, unknown>>) => void;

/** To standard output, from where Lambda takes it to CloudWatch. */
export const logLine: Log = (level, message, fields) => {
  const line = { level, message, service: 'warmer', timestamp: new Date().toISOString(), ...fields };
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

/** What services say of control operations quotes no input of a run. */
export function faultOf(error: unknown): { readonly fault: string; readonly detail: string } {
  const { name = 'Error', message = '' } = errorLike(error);
  return { fault: name, detail: message };
}
