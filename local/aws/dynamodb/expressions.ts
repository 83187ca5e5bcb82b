import { optionalString } from '../read-json';
import type { RpcInput } from '../rpc-service';
import type { Item } from './attribute-value';
import { type DocumentPath, project } from './document-path';
import type { Condition } from './expression/condition';
import { type ExpressionKind, ExpressionReader } from './expression/expression-reader';
import { parseCondition } from './expression/parse-condition';
import { parseProjection } from './expression/parse-projection';
import { parseUpdate } from './expression/parse-update';
import { Placeholders } from './expression/placeholders';
import type { Update } from './expression/update';
import { type KeyCondition, toKeyCondition } from './key-condition';
import type { LocalTable } from './local-table';
import { validationException } from './validation-exception';

/** What expressions took the place of in 2014. */
const LEGACY_PARAMETERS = [
  'AttributeUpdates',
  'AttributesToGet',
  'ConditionalOperator',
  'Expected',
  'KeyConditions',
  'QueryFilter',
];

/** The expressions of one request, each read on demand. */
export class Expressions {
  readonly #placeholders: Placeholders;

  /** @throws AwsError for parameters that expressions took the place of */
  constructor(private readonly input: RpcInput) {
    const legacy = LEGACY_PARAMETERS.find((name) => input[name] !== undefined);
    if (legacy !== undefined) {
      throw validationException(`the local stack takes expressions, not the legacy parameter ${legacy}`);
    }
    this.#placeholders = new Placeholders(input);
  }

  condition(kind: 'ConditionExpression' | 'FilterExpression'): Condition | undefined {
    const reader = this.#reader(kind);
    return reader && parseCondition(reader);
  }

  keyCondition(table: LocalTable): KeyCondition {
    const reader = this.#reader('KeyConditionExpression');
    if (reader) return toKeyCondition(parseCondition(reader), table, reader);
    throw validationException(
      'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
    );
  }

  update(): Update | undefined {
    const reader = this.#reader('UpdateExpression');
    return reader && parseUpdate(reader);
  }

  /** Cuts an item down to what is asked for. */
  projection(): (item: Item) => Item {
    const reader = this.#reader('ProjectionExpression');
    if (!reader) return (item) => item;
    const paths: DocumentPath[] = parseProjection(reader);
    return (item) => project(item, paths);
  }

  /** To be called when all have been read. @throws AwsError if a placeholder is in none of them */
  finish(): void {
    this.#placeholders.requireAllUsed();
  }

  #reader(kind: ExpressionKind): ExpressionReader | undefined {
    const expression = optionalString(this.input[kind], kind);
    return expression === undefined ? undefined : new ExpressionReader(kind, expression, this.#placeholders);
  }
}
