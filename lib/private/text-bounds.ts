import { Stack, Token, Tokenization } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** A name of 512, a suffix of 7 (https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html), and an ARN around. */
export const LONGEST_SECRET_ID = 600;

/** Most characters of what is known only at deployment, by the field of a binding that holds it. */
const FIELDS: ReadonlyMap<string, number> = new Map([
  // https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateInferenceComponent.html
  ['endpointName', 63],
  ['inferenceComponentName', 63],
  // ARNs: about 60 characters before the resource.
  ['modelId', 160],
  // A name of 64, an alias of 128 (https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html).
  ['functionName', 256],
  ['secretId', LONGEST_SECRET_ID],
]);

/** A host name and more; other fields hold nothing longer. */
const OTHER_FIELDS = 300;

/** Those of which text is put together, as in an ARN. */
const PSEUDO_PARAMETERS: ReadonlyMap<unknown, number> = new Map([
  ['AWS::AccountId', 12],
  ['AWS::Partition', 12],
  ['AWS::Region', 20],
  ['AWS::StackName', 128],
  ['AWS::URLSuffix', 20],
]);

/** What stands for the tokens in a value. */
interface Fill {
  readonly number: number;
  /** @param token as CloudFormation resolves it @param field of the object that holds it */
  text(token: unknown, field: string): string;
}

const LONGEST: Fill = {
  // No number has more characters in JSON.
  number: 1.7976931348623157e308,
  text: (token, field) => 'x'.repeat(PSEUDO_PARAMETERS.get(referenceIn(token)) ?? FIELDS.get(field) ?? OTHER_FIELDS),
};

const SHORTEST: Fill = { number: 0, text: () => '' };

/** A value with the longest text or number it can have at deployment in place of every token, so that its size can be told. */
export function longest<T>(scope: IConstruct, value: T): T {
  return filled(scope, value, LONGEST);
}

/** A value with the shortest text or number in place of every token: what is too large so is too large in any case. */
export function shortest<T>(scope: IConstruct, value: T): T {
  return filled(scope, value, SHORTEST);
}

function filled<T>(scope: IConstruct, value: T, fill: Fill, field = ''): T {
  if (typeof value === 'string') return filledText(scope, value, fill, field) as T;
  if (typeof value === 'number') return (Token.isUnresolved(value) ? fill.number : value) as T;
  if (Array.isArray(value)) return value.map((item) => filled(scope, item, fill, field)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(scope, item, fill, key)])) as T;
}

function filledText(scope: IConstruct, text: string, fill: Fill, field: string): string {
  if (!Token.isUnresolved(text)) return text;
  const parts = Tokenization.reverseString(text).mapTokens({
    mapToken: (token) => {
      const known = Stack.of(scope).resolve(token);
      return typeof known === 'string' ? known : fill.text(known, field);
    },
  });
  return parts.join({ join: (left = '', right = '') => `${left}${right}` });
}

function referenceIn(token: unknown): unknown {
  return typeof token === 'object' && token !== null && 'Ref' in token ? token.Ref : undefined;
}
