const SEPARATOR = '| ';

/** Source with its line numbers in front, so that a model can read them off instead of counting. */
export function numberLines(source: string, startLine: number): string {
  return source
    .split('\n')
    .map((line, i) => `${startLine + i}${SEPARATOR}${line}`)
    .join('\n');
}

/** Undoes `numberLines`. */
export function unnumberLines(numbered: string): { source: string; startLine: number } {
  const lines = numbered.split('\n').map((line) => line.slice(line.indexOf(SEPARATOR) + SEPARATOR.length));
  return { source: lines.join('\n'), startLine: Number.parseInt(numbered, 10) };
}
