import { fork } from 'node:child_process';

/**
 * Runs a script in a fresh process and answers the message it sends. Its standard output is dropped.
 *
 * @throws if it ends without a message
 */
export function ask<T>(script: string, args: readonly (string | number)[], env: NodeJS.ProcessEnv = {}): Promise<T> {
  return new Promise((resolve, reject) => {
    const words = args.map(String);
    const child = fork(script, words, {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { ...process.env, ...env },
    });
    let answer: { readonly value: T } | undefined;
    child.once('message', (value) => {
      answer = { value: value as T };
    });
    child.once('error', reject);
    // Not before its end: what comes next must have the machine for itself.
    child.once('exit', (code) => {
      if (answer) resolve(answer.value);
      else reject(new Error(`${script} ${words.join(' ')} ended with code ${code} and sent nothing`));
    });
  });
}

/** In the child: sends the answer and ends, whatever is still open. */
export function answer(value: unknown): void {
  process.send!(value, () => process.exit());
}
