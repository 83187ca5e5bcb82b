import { compareDecimals, type Decimal, parseDecimal } from './decimal';

/** A value as it travels and as it is kept. Numbers are decimal text, and bytes are Base64. */
export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: string }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly M: Item }
  | { readonly L: readonly AttributeValue[] }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly string[] };

export type Item = Readonly<Record<string, AttributeValue>>;

export const VALUE_TYPES = ['S', 'N', 'B', 'BOOL', 'NULL', 'M', 'L', 'SS', 'NS', 'BS'] as const;
export type ValueType = (typeof VALUE_TYPES)[number];

export function isValueType(name: string): name is ValueType {
  return VALUE_TYPES.some((type) => type === name);
}

export function typeOf(value: AttributeValue): ValueType {
  return VALUE_TYPES.find((type) => type in value)!;
}

/** The number that a value of type N holds: what is kept was checked to be one. */
export function toDecimal(text: string): Decimal {
  return parseDecimal(text)!;
}

export function isEqual(a: AttributeValue, b: AttributeValue): boolean {
  if ('M' in a && 'M' in b) {
    const names = Object.keys(a.M);
    return names.length === Object.keys(b.M).length && names.every((name) => isEqualOrAbsent(a.M[name], b.M[name]));
  }
  if ('L' in a && 'L' in b) {
    return a.L.length === b.L.length && a.L.every((each, at) => isEqualOrAbsent(each, b.L[at]));
  }
  const [left, right] = [membersOf(a), membersOf(b)];
  if (left && right) {
    return left.length === right.length && left.every((each) => right.some((other) => isEqual(each, other)));
  }
  if ('BOOL' in a && 'BOOL' in b) return a.BOOL === b.BOOL;
  if ('NULL' in a && 'NULL' in b) return true;
  return compare(a, b) === 0;
}

function isEqualOrAbsent(a: AttributeValue | undefined, b: AttributeValue | undefined): boolean {
  return a !== undefined && b !== undefined && isEqual(a, b);
}

/**
 * Numbers by what they are, strings by their UTF-8, bytes as unsigned.
 *
 * @returns negative if the first comes first; undefined for values of different types, and of types without an order
 */
export function compare(a: AttributeValue, b: AttributeValue): number | undefined {
  if ('N' in a && 'N' in b) return compareDecimals(toDecimal(a.N), toDecimal(b.N));
  if ('S' in a && 'S' in b) return Buffer.compare(Buffer.from(a.S), Buffer.from(b.S));
  if ('B' in a && 'B' in b) return Buffer.compare(bytesOf(a.B), bytesOf(b.B));
  return undefined;
}

export function bytesOf(base64: string): Buffer {
  return Buffer.from(base64, 'base64');
}

/** The members of a set, each as a value; undefined for what is no set. */
export function membersOf(value: AttributeValue): AttributeValue[] | undefined {
  if ('SS' in value) return value.SS.map((S) => ({ S }));
  if ('NS' in value) return value.NS.map((N) => ({ N }));
  if ('BS' in value) return value.BS.map((B) => ({ B }));
  return undefined;
}

/** A set with these members, which are of its type. */
export function setOf(type: 'SS' | 'NS' | 'BS', members: readonly AttributeValue[]): AttributeValue {
  const raw = members.map((member) => String(Object.values(member)[0]));
  if (type === 'SS') return { SS: raw };
  return type === 'NS' ? { NS: raw } : { BS: raw };
}
