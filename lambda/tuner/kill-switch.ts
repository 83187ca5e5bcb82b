import { type AttributeValue, type DynamoDBClient, PutItemCommand, paginateQuery } from '@aws-sdk/client-dynamodb';
import { RESERVED_PREFIX } from '../../core/scale/tuner-deployment-faults';

/** One turn of the switch that stops a tuner whatever its deployment says. */
export interface SwitchTurn {
  /** When, as ISO 8601 in UTC. */
  readonly at: string;
  readonly isOff: boolean;
  /** In the words of whoever turned it. */
  readonly reason?: string;
}

export type KillSwitch = ReturnType<typeof killSwitch>;

const KEY = `${RESERVED_PREFIX}switch`;

/** Goes up with every change that would make a turn be misread. One of another schema counts as off. */
const SWITCH_SCHEMA = '1';

/**
 * The switch of a tuner: its turns in the table of its ledger, of which the last one counts. They are few, and do not expire: a
 * deployment does not touch them, and one that is off stays off.
 */
export function killSwitch(client: DynamoDBClient, tableName: string) {
  const TableName = tableName;
  /** To be copied for each query: a paginator writes into what it is given. */
  const newestFirst = {
    TableName,
    KeyConditionExpression: 'component = :switch',
    ExpressionAttributeValues: { ':switch': { S: KEY } },
    ScanIndexForward: false,
    ConsistentRead: true,
  };

  /** The last turn; undefined of a switch that was never turned, which is on. */
  async function lastTurn(): Promise<SwitchTurn | undefined> {
    for await (const { Items: [newest] = [] } of paginateQuery({ client, pageSize: 1 }, { ...newestFirst })) {
      if (newest) return turnOf(newest);
    }
    return undefined;
  }

  return {
    lastTurn,

    /** All turns, oldest first. */
    async turns(): Promise<readonly SwitchTurn[]> {
      const turns: SwitchTurn[] = [];
      for await (const { Items = [] } of paginateQuery({ client }, { ...newestFirst })) {
        turns.push(...Items.map(turnOf));
      }
      return turns.reverse();
    },

    /**
     * Turns it; what is turned last counts, also by a clock that is slow.
     *
     * @returns the turn as it is kept
     * @throws ConditionalCheckFailedException if somebody else has turned it at the very moment
     */
    async turn({ at, isOff, reason }: SwitchTurn): Promise<SwitchTurn> {
      const last = await lastTurn();
      const after = last === undefined || last.at < at ? at : new Date(Date.parse(last.at) + 1).toISOString();
      const Item = {
        component: { S: KEY },
        at: { S: after },
        schema: { N: SWITCH_SCHEMA },
        isOff: { BOOL: isOff },
        ...(reason !== undefined && { reason: { S: reason } }),
      };
      const ConditionExpression = 'attribute_not_exists(component)';
      await client.send(new PutItemCommand({ TableName, Item, ConditionExpression }));
      return { at: after, isOff, ...(reason !== undefined && { reason }) };
    },
  };
}

function turnOf({ at, schema, isOff, reason }: Record<string, AttributeValue>): SwitchTurn {
  if (schema?.N !== SWITCH_SCHEMA) {
    const unknown = `written in schema ${schema?.N ?? 'none'}, ${SWITCH_SCHEMA} is read here`;
    return { at: at!.S!, isOff: true, reason: unknown };
  }
  return { at: at!.S!, isOff: isOff!.BOOL!, ...(reason?.S !== undefined && { reason: reason.S }) };
}
