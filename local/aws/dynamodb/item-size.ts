import { type AttributeValue, bytesOf, type Item, membersOf, toDecimal } from './attribute-value';
import { significantDigits } from './decimal';

/** The most that an item may have. */
export const MAX_ITEM_BYTES = 400 * 1024;

/**
 * By what DynamoDB counts.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemBytes(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0);
}

function valueBytes(value: AttributeValue): number {
  if ('S' in value) return Buffer.byteLength(value.S);
  if ('N' in value) return Math.ceil(significantDigits(toDecimal(value.N)).length / 2) + 1;
  if ('B' in value) return bytesOf(value.B).length;
  if ('M' in value) return 3 + Object.keys(value.M).length + itemBytes(value.M);
  if ('L' in value) return value.L.reduce((sum, each) => sum + 1 + valueBytes(each), 3);
  return membersOf(value)?.reduce((sum, each) => sum + valueBytes(each), 0) ?? 1;
}
