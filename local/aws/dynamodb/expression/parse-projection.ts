import { type DocumentPath, formatPath } from '../document-path';
import type { ExpressionReader } from './expression-reader';

/** @throws AwsError for what is no list of document paths, none within another */
export function parseProjection(reader: ExpressionReader): DocumentPath[] {
  const paths = reader.list(() => reader.path());
  reader.expectEnd();
  for (const [at, path] of paths.entries()) {
    const other = paths.slice(0, at).find((before) => {
      const depth = Math.min(before.length, path.length);
      return before.slice(0, depth).every((step, i) => step === path[i]);
    });
    if (!other) continue;
    const both = `path one: ${formatPath(other)}, path two: ${formatPath(path)}`;
    throw reader.invalid(
      `Two document paths overlap with each other; must remove or rewrite one of these paths; ${both}`,
    );
  }
  return paths;
}
