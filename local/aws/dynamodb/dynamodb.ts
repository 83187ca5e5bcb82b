import type { RpcService } from '../rpc-service';
import { batchGetItem, getItem, query } from './read-items';
import { validationException } from './validation-exception';
import { deleteItem, putItem, updateItem } from './write-items';

/** Items of the tables that the local stack was told of. */
export const dynamodb: RpcService = {
  name: 'DynamoDB',
  targetPrefix: 'DynamoDB_20120810',
  operations: new Map([
    ['BatchGetItem', batchGetItem],
    ['DeleteItem', deleteItem],
    ['GetItem', getItem],
    ['PutItem', putItem],
    ['Query', query],
    ['UpdateItem', updateItem],
  ]),
  rangeError: validationException,
};
