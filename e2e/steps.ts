import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';

export const ROOT = join(__dirname, '..');

/** What the steps of a proof leave for whoever looks into a failure. */
export function logFolder(name: string): string {
  const folder = join(ROOT, '.cache', 'e2e', 'logs', name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Does one thing of a proof, and says in one line that it holds and how long it took. */
export async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const seconds = () => `${((performance.now() - startedAt) / 1_000).toFixed(1).padStart(5)} s`;
  try {
    const result = await work();
    console.log(`ok ${seconds()}  ${name}`);
    return result;
  } catch (error) {
    console.log(`not ok ${seconds()}  ${name}`);
    throw error;
  }
}

/** Waits until something holds. @throws Error that says what did not come about */
export async function eventually(what: string, limitMs: number, holds: () => Promise<boolean>): Promise<void> {
  const endsAt = performance.now() + limitMs;
  while (!(await holds())) {
    if (performance.now() > endsAt) throw new Error(`waited ${limitMs / 1_000} s in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/**
 * Runs a proof: all of it, within its time, and nothing after it.
 *
 * @param prove gets a signal that fires when the time is over
 */
export async function runProof(name: string, limitMs: number, logs: string, prove: () => Promise<void>): Promise<void> {
  const timer = setTimeout(() => {
    console.error(`${name} FAILED: not done after ${limitMs / 1_000} s; logs: ${logs}`);
    process.exit(1);
  }, limitMs);
  try {
    await prove();
  } catch (error) {
    console.error(`${name} FAILED: ${inspect(error)}\nlogs: ${logs}`);
    process.exitCode = 1;
  }
  clearTimeout(timer);
}
