import { type AttributeValue, type Item, isEqual, membersOf, setOf, toDecimal, typeOf } from '../attribute-value';
import { addDecimals, negated } from '../decimal';
import { type DocumentPath, valueAt } from '../document-path';
import { formatNumber } from '../read-value';
import { validationException } from '../validation-exception';
import { EditableItem } from './editable-item';

/** What a `SET` assigns. */
export type SetValue =
  | { readonly kind: 'path'; readonly path: DocumentPath }
  | { readonly kind: 'value'; readonly value: AttributeValue }
  | { readonly kind: 'sum'; readonly sign: '+' | '-'; readonly left: SetValue; readonly right: SetValue }
  | { readonly kind: 'if-not-exists'; readonly path: DocumentPath; readonly otherwise: SetValue }
  | { readonly kind: 'list-append'; readonly left: SetValue; readonly right: SetValue };

/** What an update expression does. */
export interface Update {
  readonly set: readonly { readonly path: DocumentPath; readonly value: SetValue }[];
  readonly remove: readonly { readonly path: DocumentPath }[];
  readonly add: readonly { readonly path: DocumentPath; readonly value: AttributeValue }[];
  readonly delete: readonly { readonly path: DocumentPath; readonly value: AttributeValue }[];
}

export function pathsOf({ set, remove, add, delete: taken }: Update): DocumentPath[] {
  return [...set, ...remove, ...add, ...taken].map(({ path }) => path);
}

/**
 * The item after the update. Every value is computed from the item as it was.
 *
 * @throws AwsError if the item does not have what the update builds on
 */
export function applyUpdate(update: Update, item: Item): Item {
  const edited = new EditableItem(item);
  const assignments = update.set.map(({ path, value }) => ({ path, value: resolve(value, item) }));
  for (const { path, value } of assignments) edited.set(path, value);
  for (const { path, value } of update.add) edited.set(path, sumOrUnion(valueAt(item, path), value));
  for (const { path, value } of update.delete) {
    const rest = difference(valueAt(item, path), value);
    if (rest) edited.set(path, rest);
    else edited.remove(path);
  }
  for (const { path } of update.remove) edited.remove(path);
  return edited.finish();
}

function resolve(value: SetValue, item: Item): AttributeValue {
  switch (value.kind) {
    case 'value':
      return value.value;
    case 'path':
      return requireAttribute(valueAt(item, value.path));
    case 'if-not-exists':
      return valueAt(item, value.path) ?? resolve(value.otherwise, item);
    case 'list-append': {
      const [left, right] = [resolve(value.left, item), resolve(value.right, item)];
      if ('L' in left && 'L' in right) return { L: [...left.L, ...right.L] };
      throw incorrectType();
    }
    case 'sum':
      return sum(resolve(value.left, item), resolve(value.right, item), value.sign);
  }
}

function sum(left: AttributeValue, right: AttributeValue, sign: '+' | '-'): AttributeValue {
  if (!('N' in left && 'N' in right)) throw incorrectType();
  const [a, b] = [toDecimal(left.N), toDecimal(right.N)];
  return { N: formatNumber(addDecimals(a, sign === '+' ? b : negated(b))) };
}

function sumOrUnion(before: AttributeValue | undefined, added: AttributeValue): AttributeValue {
  if (before === undefined) return added;
  if ('N' in added) return sum(before, added, '+');
  const [members, more] = [membersOf(before), membersOf(added)];
  const type = typeOf(added);
  if (!members || !more || type !== typeOf(before)) throw incorrectType();
  const news = more.filter((each) => !members.some((member) => isEqual(member, each)));
  return setOf(type as 'SS' | 'NS' | 'BS', [...members, ...news]);
}

/** @returns undefined if nothing is left: DynamoDB knows no empty sets */
function difference(before: AttributeValue | undefined, taken: AttributeValue): AttributeValue | undefined {
  if (before === undefined) return undefined;
  const [members, less] = [membersOf(before), membersOf(taken)];
  const type = typeOf(taken);
  if (!members || !less || type !== typeOf(before)) throw incorrectType();
  const rest = members.filter((member) => !less.some((each) => isEqual(member, each)));
  return rest.length > 0 ? setOf(type as 'SS' | 'NS' | 'BS', rest) : undefined;
}

function requireAttribute(value: AttributeValue | undefined): AttributeValue {
  if (value) return value;
  throw validationException('The provided expression refers to an attribute that does not exist in the item');
}

function incorrectType() {
  return validationException('An operand in the update expression has an incorrect data type');
}
