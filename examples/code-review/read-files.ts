import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ReviewRequest } from './schemas';

const SOURCE = /\.[cm]?[jt]sx?$/;

/** The request that reviews the given files and folders. */
export function readFiles(paths: readonly string[]): ReviewRequest {
  const files = paths.flatMap(sourcesIn).map((path) => ({ path, source: readFileSync(path, 'utf8') }));
  return { files };
}

function sourcesIn(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((file) => SOURCE.test(file) && !file.endsWith('.d.ts') && !file.includes('node_modules'))
    .map((file) => join(path, file))
    .sort();
}

if (require.main === module) process.stdout.write(JSON.stringify(readFiles(process.argv.slice(2))));
