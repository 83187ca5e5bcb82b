import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Of the modules that decide and simulate, as they run. */
export function codeHash(): string {
  const hash = createHash('sha256');
  for (const folder of ['core', 'sim']) {
    const root = join(__dirname, '../..', folder);
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /(?<!\.d)\.[jt]s$/.test(file),
    );
    for (const file of files.sort()) hash.update(file).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex').slice(0, 16);
}

export function textHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
