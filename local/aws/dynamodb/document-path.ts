import type { AttributeValue, Item } from './attribute-value';

/** Names of attributes and positions in lists, from the top level down. Never empty. */
export type DocumentPath = readonly (string | number)[];

export function valueAt(item: Item, path: DocumentPath): AttributeValue | undefined {
  return path.reduce<AttributeValue | undefined>(stepInto, { M: item });
}

function stepInto(value: AttributeValue | undefined, step: string | number): AttributeValue | undefined {
  if (value === undefined) return undefined;
  if (typeof step === 'number') return 'L' in value ? value.L[step] : undefined;
  return 'M' in value && Object.hasOwn(value.M, step) ? value.M[step] : undefined;
}

/** What the paths name of an item; of a list, the elements named, in their order. */
export function project(item: Item, paths: readonly DocumentPath[]): Item {
  const projected = pick({ M: item }, paths);
  return projected && 'M' in projected ? projected.M : {};
}

function pick(value: AttributeValue, paths: readonly DocumentPath[]): AttributeValue | undefined {
  if (paths.some((path) => path.length === 0)) return value;
  const kept = (step: string | number, child: AttributeValue) => {
    const below = paths.filter((path) => path[0] === step).map((path) => path.slice(1));
    return below.length > 0 ? pick(child, below) : undefined;
  };
  if ('M' in value) {
    const entries = Object.entries(value.M).flatMap(([name, child]) => {
      const picked = kept(name, child);
      return picked ? [[name, picked] as const] : [];
    });
    return entries.length > 0 ? { M: Object.fromEntries(entries) } : undefined;
  }
  if (!('L' in value)) return undefined;
  const elements = value.L.flatMap((child, at) => kept(at, child) ?? []);
  return elements.length > 0 ? { L: elements } : undefined;
}

/** As error messages write it: `[a, b, [0]]`. */
export function formatPath(path: DocumentPath): string {
  return `[${path.map((step) => (typeof step === 'number' ? `[${step}]` : step)).join(', ')}]`;
}
