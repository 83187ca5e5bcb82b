import { must, type Report } from './rules';
import { show } from './show';

/** Names of components; which there are is known only when the graph is whole. */
export const nameList = must(
  (value) => Array.isArray(value) && value.every((name) => typeof name === 'string'),
  'a list of component names',
);

/** A name that no node calls would leave its author to look in vain for contents that are never recorded. */
export function checkTracedContents(names: unknown, known: ReadonlySet<string>, report: Report): void {
  if (!Array.isArray(names)) return;
  names.forEach((name: unknown, i) => {
    const at = `traceContents[${i}]`;
    if (names.indexOf(name) < i) report(at, `${show(name)} is listed twice`);
    else if (typeof name === 'string' && !known.has(name)) report(at, `no node calls a component named ${show(name)}`);
  });
}
