import { Stack, Token, Tokenization } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Most characters of what is known only at deployment, by the field of a binding that holds it. */
const FIELDS: ReadonlyMap<string, number> = new Map([
  // https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateInferenceComponent.html
  ['endpointName', 63],
  ['inferenceComponentName', 63],
  // ARNs: about 60 characters before the resource.
  ['modelId', 160],
  // A name of 64, an alias of 128 (https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html).
  ['functionName', 256],
  // A name of 512, a suffix of 7 (https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html).
  ['secretId', 600],
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

/** No number has more characters in JSON. */
const LONGEST_NUMBER = 1.7976931348623157e308;

/** A value with the longest text or number it can have at deployment in place of every token, so that its size can be told. */
export function longest<T>(scope: IConstruct, value: T, field = ''): T {
  if (typeof value === 'string') return longestText(scope, value, field) as T;
  if (typeof value === 'number') return (Token.isUnresolved(value) ? LONGEST_NUMBER : value) as T;
  if (Array.isArray(value)) return value.map((item) => longest(scope, item, field)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, longest(scope, item, key)]);
  return Object.fromEntries(entries);
}

function longestText(scope: IConstruct, text: string, field: string): string {
  if (!Token.isUnresolved(text)) return text;
  const fillers = Tokenization.reverseString(text).mapTokens({
    mapToken: (token) => {
      const known = Stack.of(scope).resolve(token);
      if (typeof known === 'string') return known;
      return 'x'.repeat(PSEUDO_PARAMETERS.get(known?.Ref) ?? FIELDS.get(field) ?? OTHER_FIELDS);
    },
  });
  return fillers.join({ join: (left = '', right = '') => `${left}${right}` });
}
