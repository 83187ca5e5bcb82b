import { isRecord } from '../http';
import type { LocalAws } from '../local-aws';
import { listOf, optionalCount } from '../read-json';
import type { RpcInput } from '../rpc-service';
import type { Item } from './attribute-value';
import { holds } from './expression/condition';
import { Expressions } from './expressions';
import { itemBytes } from './item-size';
import { requiredException } from './read-value';
import { validationException } from './validation-exception';

const MAX_BATCH_KEYS = 100;
const MAX_BATCH_BYTES = 16 * 1024 * 1024;

/** Always consistent: what was written is read, whether or not the request asks for a consistent read. */
export function getItem({ tables }: LocalAws, input: RpcInput): object {
  const table = tables.require(input);
  const expressions = new Expressions(input);
  const project = expressions.projection();
  expressions.finish();
  const item = table.get(table.readKey(input.Key, 'Key'));
  return item ? { Item: project(item) } : {};
}

/** Leaves keys unprocessed when the answer would be too large, as the service does. */
export function batchGetItem({ tables }: LocalAws, { RequestItems }: RpcInput): object {
  const requests = isRecord(RequestItems) ? Object.entries(RequestItems) : [];
  if (requests.length === 0) throw requiredException('RequestItems');
  const reads = requests.map(([name, request]) => {
    if (!isRecord(request)) throw requiredException(`RequestItems.${name}`);
    const table = tables.require({ TableName: name });
    const expressions = new Expressions(request);
    const project = expressions.projection();
    expressions.finish();
    const path = `RequestItems.${name}.member.Keys`;
    const keys = listOf(request.Keys, path).map((key, at) => table.readKey(key, `${path}[${at}]`));
    const identities = keys.map((key) => JSON.stringify(table.keyOf(key)));
    if (new Set(identities).size < keys.length) {
      throw validationException('Provided list of item keys contains duplicates');
    }
    return { name, request, table, project, keys };
  });
  if (reads.reduce((sum, { keys }) => sum + keys.length, 0) > MAX_BATCH_KEYS) {
    throw validationException('Too many items requested for the BatchGetItem call');
  }

  let bytes = 0;
  const answers = reads.map(({ name, request, table, project, keys }) => {
    const items: Item[] = [];
    const unprocessed: Item[] = [];
    for (const key of keys) {
      const item = table.get(key);
      bytes += item ? itemBytes(item) : 0;
      if (bytes > MAX_BATCH_BYTES) unprocessed.push(key);
      else if (item) items.push(project(item));
    }
    return { name, items, rest: unprocessed.length > 0 ? { ...request, Keys: unprocessed } : undefined };
  });
  return {
    Responses: Object.fromEntries(answers.map(({ name, items }) => [name, items])),
    UnprocessedKeys: Object.fromEntries(answers.flatMap(({ name, rest }) => (rest ? [[name, rest]] : []))),
  };
}

/** The most that one page reads, before the filter. */
const MAX_PAGE_BYTES = 1024 * 1024;

/** A page ends at the limit or at 1 MB, both counted before the filter. */
export function query({ tables }: LocalAws, input: RpcInput): object {
  const table = tables.require(input);
  if (input.IndexName !== undefined) throw validationException('the local stack has no indexes');
  const expressions = new Expressions(input);
  const { partitionKey, includes } = expressions.keyCondition(table.definition);
  const filter = expressions.condition('FilterExpression');
  const project = expressions.projection();
  expressions.finish();
  const limit = optionalCount(input.Limit, 'Limit') ?? Infinity;

  const { sortKey } = table.definition;
  const ascending = table.partition(partitionKey).filter((item) => !sortKey || includes(item[sortKey.name]!));
  const ordered = input.ScanIndexForward === false ? ascending.toReversed() : ascending;
  const begin = input.ExclusiveStartKey === undefined ? 0 : positionAfter(input.ExclusiveStartKey);

  let bytes = 0;
  const rest = ordered.slice(begin);
  const page = rest.filter((item, at) => {
    const fits = at < limit && bytes < MAX_PAGE_BYTES;
    if (fits) bytes += itemBytes(item);
    return fits;
  });
  const items = filter ? page.filter((item) => holds(filter, item)) : page;
  const last = page.at(-1);
  return {
    ...(input.Select === 'COUNT' ? {} : { Items: items.map(project) }),
    Count: items.length,
    ScannedCount: page.length,
    // Also at the very end: a page that is full does not know that nothing follows.
    ...(last && (page.length < rest.length || page.length === limit) && { LastEvaluatedKey: table.keyOf(last) }),
  };

  /** The item of the key itself may be gone. */
  function positionAfter(startKey: unknown): number {
    const key = table.readKey(startKey, 'ExclusiveStartKey');
    return ordered.filter((item) => table.isUpTo(item, key, input.ScanIndexForward !== false)).length;
  }
}
