import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

/** Processes that end with this one, whatever happens to it. */
const running = new Set<ChildProcess>();

process.once('exit', () => {
  for (const child of running) kill(child, 'SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));

export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** All that the process gets to know. */
  readonly env: Readonly<Record<string, string>>;
  /** @default - nothing */
  readonly input?: string;
  /** File for what it prints. @default - none */
  readonly log?: string;
}

/** A process with all that it starts, and what it has printed so far. */
export class Process {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number>;
  #stdout = '';
  #stderr = '';

  constructor({ command, args, cwd, env, input, log }: Command) {
    // A group of its own, so that what it starts ends with it.
    this.#child = spawn(command, args, { cwd, env, detached: true, stdio: 'pipe' });
    running.add(this.#child);
    this.#child.stdin?.end(input);
    const file = log === undefined ? undefined : createWriteStream(log);
    this.#child.stdout?.on('data', (chunk) => {
      this.#stdout += chunk;
      file?.write(chunk);
    });
    this.#child.stderr?.on('data', (chunk) => {
      this.#stderr += chunk;
      file?.write(chunk);
    });
    this.#ended = once(this.#child, 'close').then(([code]) => {
      running.delete(this.#child);
      file?.end();
      return code ?? 1;
    });
    // Told to whoever waits for the end; until then it is nobody's.
    this.#ended.catch(() => running.delete(this.#child));
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Its exit code. @throws Error if it could not be started, or takes longer than it may */
  async end(limitMs: number): Promise<number> {
    const timer = setTimeout(() => kill(this.#child, 'SIGKILL'), limitMs);
    const code = await this.#ended;
    clearTimeout(timer);
    if (this.#child.signalCode === 'SIGKILL') throw new Error(`${this.#child.spawnargs.join(' ')}: killed`);
    return code;
  }

  /** Ends it and all that it has started. */
  async stop(): Promise<void> {
    kill(this.#child, 'SIGTERM');
    const timer = setTimeout(() => kill(this.#child, 'SIGKILL'), 5_000);
    await this.#ended;
    clearTimeout(timer);
    // What ignores a polite signal.
    kill(this.#child, 'SIGKILL');
  }
}

function kill({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch (error) {
    // The whole group is gone already.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
