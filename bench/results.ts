import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

const FILE = join(import.meta.dirname, 'RESULTS.md');

/** Where and when figures came about. */
export function circumstances(): { readonly date: string; readonly machine: string } {
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} x ${cpus()[0]!.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
  };
}

/** Puts a part of the results, which begins with a heading of the first level, in the place of the part of that heading. */
export function writeResults(part: string): void {
  const parts = readFileSync(FILE, 'utf8').split(/^(?=# )/m);
  const at = parts.findIndex((each) => headingOf(each) === headingOf(part));
  parts.splice(at < 0 ? parts.length : at, at < 0 ? 0 : 1, part);
  writeFileSync(FILE, `${parts.map((each) => each.trimEnd()).join('\n\n')}\n`);
}

const headingOf = (part: string) => part.slice(0, part.indexOf('\n'));
