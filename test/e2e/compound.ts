import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export const ROOT = join(__dirname, '../..');

/** A module of `test/e2e/systems`. */
export const system = (name: string) => join(__dirname, 'systems', `${name}.ts`);

export interface Ended {
  /** Exit code; null if a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const running = new Set<Program>();

/** For the end of a test file: a test that failed must leave nothing behind that listens. */
export function killAll(): void {
  for (const program of running) void program.kill('SIGKILL');
}

/** A program in a process of its own, with pipes in place of a terminal. */
export class Program {
  stdout = '';
  stderr = '';
  readonly ended: Promise<Ended>;
  readonly #process: ChildProcess;

  /** @param isGroup whether what it starts ends with it, which npm does not see to */
  constructor(
    command: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    private readonly isGroup = false,
  ) {
    this.#process = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: isGroup,
    });
    this.#process.stdout?.on('data', (chunk) => {
      this.stdout += chunk;
    });
    this.#process.stderr?.on('data', (chunk) => {
      this.stderr += chunk;
    });
    running.add(this);
    this.ended = once(this.#process, 'close').then(([code]) => {
      running.delete(this);
      return { code, stdout: this.stdout, stderr: this.stderr };
    });
  }

  /** Takes no more output, as `head` does once it has enough. */
  closeOutput(): void {
    this.#process.stdout?.destroy();
  }

  /** Settles when standard output matches. */
  async prints(pattern: RegExp): Promise<RegExpExecArray> {
    const hasEnded = this.ended.then(() => true);
    for (;;) {
      const match = pattern.exec(this.stdout);
      if (match) return match;
      if ((await Promise.race([hasEnded, once(this.#process.stdout!, 'data')])) === true) {
        throw new Error(`ended without printing ${pattern}: ${this.stdout}${this.stderr}`);
      }
    }
  }

  kill(signal: NodeJS.Signals): Promise<Ended> {
    if (!this.isGroup) this.#process.kill(signal);
    else if (running.has(this)) process.kill(-this.#process.pid!, signal);
    return this.ended;
  }
}

/** The command line. */
export class Compound extends Program {
  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    super(process.execPath, ['--conditions=source', '--import', 'tsx', 'bin/compound.ts', ...args], env);
  }
}

/** Runs a command to its end. */
export function compound(...args: string[]): Promise<Ended> {
  return new Compound(args).ended;
}

/** Starts `compound local` on a free port. */
export async function startLocal(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const local = new Compound(['local', ...args, '--port', '0'], env);
  const [, url = ''] = await local.prints(/Local stack at (http:\S+),[\s\S]*Stop with Ctrl\+C/);
  return { local, url };
}
