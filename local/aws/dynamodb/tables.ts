import type { World } from '../../world/world';
import { stringOf } from '../read-json';
import { exception, type RpcInput } from '../rpc-service';
import { type LocalTable, tableNameOf } from './local-table';
import { requiredException } from './read-value';
import { Table } from './table';

/** The tables of one stack, by name. */
export class Tables {
  readonly #tables: ReadonlyMap<string, Table>;

  constructor(definitions: readonly LocalTable[], world: World) {
    this.#tables = new Map(definitions.map((each) => [each.name, new Table(each, () => world.nowMs)]));
  }

  /** @throws AwsError if there is no such table */
  require({ TableName }: RpcInput): Table {
    if (TableName === undefined) throw requiredException('TableName');
    const table = this.#tables.get(tableNameOf(stringOf(TableName, 'TableName')));
    if (table) return table;
    throw exception('com.amazonaws.dynamodb.v20120810#ResourceNotFoundException', 'Requested resource not found');
  }
}
