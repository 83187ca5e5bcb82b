import type { AwsError } from '../http';
import type { LocalAws } from '../local-aws';
import { exception, type RpcInput } from '../rpc-service';
import type { Item } from './attribute-value';
import { type DocumentPath, project } from './document-path';
import { type Condition, holds } from './expression/condition';
import { applyUpdate, pathsOf, type Update } from './expression/update';
import { Expressions } from './expressions';
import { itemBytes, MAX_ITEM_BYTES } from './item-size';
import { keyAttributesOf, type LocalTable } from './local-table';
import { invalidValue, validationException } from './validation-exception';

export function putItem({ tables }: LocalAws, input: RpcInput): object {
  const table = tables.require(input);
  const returns = readReturnValues(input, ['NONE', 'ALL_OLD']);
  const expressions = new Expressions(input);
  const condition = expressions.condition('ConditionExpression');
  expressions.finish();
  const item = table.readItem(input.Item, 'Item');
  if (itemBytes(item) > MAX_ITEM_BYTES) {
    throw validationException('Item size has exceeded the maximum allowed size');
  }
  const before = table.get(item);
  requireCondition(condition, before, input);
  table.put(item);
  return attributes(returns === 'ALL_OLD' ? before : undefined);
}

export function deleteItem({ tables }: LocalAws, input: RpcInput): object {
  const table = tables.require(input);
  const returns = readReturnValues(input, ['NONE', 'ALL_OLD']);
  const expressions = new Expressions(input);
  const condition = expressions.condition('ConditionExpression');
  expressions.finish();
  const key = table.readKey(input.Key, 'Key');
  const before = table.get(key);
  requireCondition(condition, before, input);
  table.delete(key);
  return attributes(returns === 'ALL_OLD' ? before : undefined);
}

/** Makes the item if it is not there. */
export function updateItem({ tables }: LocalAws, input: RpcInput): object {
  const table = tables.require(input);
  const returns = readReturnValues(input, ['NONE', 'ALL_OLD', 'UPDATED_OLD', 'ALL_NEW', 'UPDATED_NEW']);
  const expressions = new Expressions(input);
  const update = expressions.update();
  const condition = expressions.condition('ConditionExpression');
  expressions.finish();
  const key = table.readKey(input.Key, 'Key');
  requireNoKeyChange(update, table.definition);

  const before = table.get(key);
  requireCondition(condition, before, input);
  const after = update ? applyUpdate(update, before ?? key) : (before ?? key);
  if (itemBytes(after) > MAX_ITEM_BYTES) {
    throw validationException('Item size to update has exceeded the maximum allowed size');
  }
  table.put(after);
  return attributes(returned(returns, before, after, update ? pathsOf(update) : []));
}

function returned(returns: string, before: Item | undefined, after: Item, changed: readonly DocumentPath[]) {
  switch (returns) {
    case 'ALL_OLD':
      return before;
    case 'UPDATED_OLD':
      return before && project(before, changed);
    case 'ALL_NEW':
      return after;
    case 'UPDATED_NEW':
      return project(after, changed);
    default:
      return undefined;
  }
}

function requireNoKeyChange(update: Update | undefined, table: LocalTable): void {
  const changed = new Set(update && pathsOf(update).map(([name]) => name));
  const key = keyAttributesOf(table).find(({ name }) => changed.has(name));
  if (key) throw invalidValue(`Cannot update attribute ${key.name}. This attribute is part of the key`);
}

function requireCondition(condition: Condition | undefined, item: Item | undefined, input: RpcInput): void {
  if (!condition || holds(condition, item ?? {})) return;
  throw conditionalCheckFailed(input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' ? item : undefined);
}

function conditionalCheckFailed(item: Item | undefined): AwsError {
  return exception(
    'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
    'The conditional request failed',
    400,
    item && { Item: item },
  );
}

function readReturnValues({ ReturnValues = 'NONE' }: RpcInput, allowed: readonly string[]): string {
  if (typeof ReturnValues === 'string' && allowed.includes(ReturnValues)) return ReturnValues;
  throw validationException('Return values set to invalid value');
}

/** No member at all where there is nothing to tell. */
function attributes(item: Item | undefined): object {
  return item && Object.keys(item).length > 0 ? { Attributes: item } : {};
}
