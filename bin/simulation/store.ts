import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finished } from './task';

/** What an experiment keeps on disk, so that one that was interrupted goes on where it stood. */
export class Store {
  readonly #runs: string;

  /** @param key of everything that the results depend on: another one finds nothing */
  constructor(
    readonly folder: string,
    key: string,
  ) {
    mkdirSync(folder, { recursive: true });
    this.#runs = join(folder, `runs-${key}.jsonl`);
  }

  /** A last line that was cut off is run again. */
  readFinished(): Finished[] {
    if (!existsSync(this.#runs)) return [];
    return readFileSync(this.#runs, 'utf8')
      .split('\n')
      .flatMap((line) => {
        try {
          return [JSON.parse(line) as Finished];
        } catch {
          return [];
        }
      });
  }

  append(finished: Finished): void {
    appendFileSync(this.#runs, `${JSON.stringify(finished)}\n`);
  }

  write(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }
}
