import Ajv from 'ajv';
import Ajv2020 from 'ajv/dist/2020';
import fc from 'fast-check';
import { z } from 'zod';
import { type JsonSchema, type Schema, toJsonSchema } from '../../../core/graph/schema';
import { toGatewayModel } from '../../../lib/agent/private/api-model';

const modelOf = (schema: Schema) => toGatewayModel(toJsonSchema(schema, 'input'));

/** A validator of draft 04: ajv's of draft 07 with bounds that a flag excludes. */
function draft04(): Ajv {
  const ajv = new Ajv({ strict: false, meta: false, validateSchema: false });
  for (const keyword of ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum']) ajv.removeKeyword(keyword);
  const within: Record<string, (value: number, limit: number, parent: any) => boolean> = {
    minimum: (value, limit, parent) => (parent.exclusiveMinimum ? value > limit : value >= limit),
    maximum: (value, limit, parent) => (parent.exclusiveMaximum ? value < limit : value <= limit),
  };
  for (const [keyword, holds] of Object.entries(within)) {
    const validate = (limit: number, value: number, parent: object = {}) => holds(value, limit, parent);
    ajv.addKeyword({ keyword, type: 'number', schemaType: 'number', validate });
  }
  ajv.addKeyword({ keyword: 'exclusiveMinimum', schemaType: 'boolean' });
  ajv.addKeyword({ keyword: 'exclusiveMaximum', schemaType: 'boolean' });
  return ajv;
}

/** What a model may consist of: draft 04 without what validators read differently. */
const MODEL = {
  type: 'object',
  additionalProperties: false,
  properties: {
    $ref: { type: 'string', pattern: '^#/definitions/[A-Za-z0-9]+$' },
    definitions: { type: 'object', additionalProperties: { $ref: '#' } },
    type: {
      anyOf: [
        { $ref: '#/definitions/type' },
        { type: 'array', items: { $ref: '#/definitions/type' }, minItems: 2, uniqueItems: true },
      ],
    },
    enum: { type: 'array', minItems: 1, uniqueItems: true },
    minimum: { type: 'number' },
    maximum: { type: 'number' },
    exclusiveMinimum: { type: 'boolean' },
    exclusiveMaximum: { type: 'boolean' },
    minLength: { type: 'integer', minimum: 0 },
    maxLength: { type: 'integer', minimum: 0 },
    minItems: { type: 'integer', minimum: 0 },
    maxItems: { type: 'integer', minimum: 0 },
    items: { anyOf: [{ $ref: '#' }, { type: 'array', items: { $ref: '#' }, minItems: 1 }] },
    additionalItems: { anyOf: [{ type: 'boolean' }, { $ref: '#' }] },
    properties: { type: 'object', additionalProperties: { $ref: '#' } },
    additionalProperties: { anyOf: [{ type: 'boolean' }, { $ref: '#' }] },
    required: { type: 'array', items: { type: 'string' }, minItems: 1, uniqueItems: true },
    allOf: { type: 'array', items: { $ref: '#' }, minItems: 1 },
    anyOf: { type: 'array', items: { $ref: '#' }, minItems: 1 },
    not: { type: 'object', maxProperties: 0 },
  },
  dependencies: { exclusiveMinimum: ['minimum'], exclusiveMaximum: ['maximum'], additionalItems: ['items'] },
  definitions: { type: { enum: ['null', 'boolean', 'object', 'array', 'number', 'string'] } },
};
const isModel = new Ajv({ strict: false }).compile(MODEL);

test.each<[what: string, Schema, model: object]>([
  [
    'an object',
    z.object({ a: z.string(), b: z.boolean().optional() }),
    {
      type: 'object',
      properties: { a: { type: 'string' }, b: { type: 'boolean' } },
      required: ['a'],
    },
  ],
  [
    'an object without a required field',
    z.object({ a: z.string().optional() }),
    {
      type: 'object',
      properties: { a: { type: 'string' } },
    },
  ],
  ['a strict object', z.strictObject({}), { type: 'object', properties: {}, additionalProperties: false }],
  ['a literal', z.literal('a'), { type: 'string', enum: ['a'] }],
  [
    'an exclusive bound',
    z.number().gt(3).lt(9),
    {
      type: 'number',
      minimum: 3,
      exclusiveMinimum: true,
      maximum: 9,
      exclusiveMaximum: true,
    },
  ],
  [
    'an integer, which draft 04 reads by its notation',
    z.int().min(1).max(8),
    { type: 'number', minimum: 1, maximum: 8 },
  ],
  ['what may be null', z.string().nullable(), { type: ['string', 'null'] }],
  [
    'a tuple',
    z.tuple([z.string(), z.number()]),
    {
      type: 'array',
      items: [{ type: 'string' }, { type: 'number' }],
      additionalItems: false,
      minItems: 2,
      maxItems: 2,
    },
  ],
  [
    'a tuple with a rest',
    z.tuple([z.string()], z.number()),
    {
      type: 'array',
      items: [{ type: 'string' }],
      additionalItems: { type: 'number' },
      minItems: 1,
    },
  ],
  ['a record', z.record(z.string(), z.number()), { type: 'object', additionalProperties: { type: 'number' } }],
  [
    'a text with a pattern, a format and a length',
    z.email().min(5).max(80),
    { type: 'string', minLength: 3, maxLength: 80 },
  ],
  [
    'a union of tagged objects',
    z.discriminatedUnion('t', [z.object({ t: z.literal('a') }), z.object({ t: z.literal('b') })]),
    {
      anyOf: [
        { type: 'object', properties: { t: { type: 'string', enum: ['a'] } }, required: ['t'] },
        { type: 'object', properties: { t: { type: 'string', enum: ['b'] } }, required: ['t'] },
      ],
    },
  ],
  ['nothing', z.never(), { not: {} }],
  [
    'a default, which need not be sent',
    z.object({ a: z.string().default('x') }),
    {
      type: 'object',
      properties: { a: { type: 'string' } },
    },
  ],
  ['what has no JSON Schema', z.date(), {}],
])('the model of %s', (_, schema, model) => {
  expect(modelOf(schema)).toEqual(model);
});

interface Tree {
  readonly value: string;
  readonly children: readonly Tree[];
}
const Tree: z.ZodType<Tree> = z.lazy(() => z.object({ value: z.string(), children: z.array(Tree) }));

test('a schema that refers to itself becomes a definition that does', () => {
  expect(modelOf(Tree)).toEqual({
    allOf: [{ $ref: '#/definitions/Root' }],
    definitions: {
      Root: {
        type: 'object',
        properties: {
          value: { type: 'string' },
          children: { type: 'array', items: { $ref: '#/definitions/Root' } },
        },
        required: ['value', 'children'],
      },
    },
  });
});

test('definitions get names that any pointer can hold', () => {
  const Person = z.object({ name: z.string() }).meta({ id: 'odd/~name' });
  expect(modelOf(z.object({ a: Person, b: Person }))).toMatchObject({
    properties: { a: { $ref: '#/definitions/Definition1' }, b: { $ref: '#/definitions/Definition1' } },
    definitions: { Definition1: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] } },
  });
});

test.each<[what: string, JsonSchema, model: object]>([
  [
    'patternProperties, whose names would count as additional',
    { patternProperties: { '^x': {} }, additionalProperties: false },
    {},
  ],
  ['a reference to elsewhere', { $ref: 'https://example.com/schema' }, {}],
  ['a negation, which is stricter the less it says', { not: { type: 'string', pattern: 'a' } }, {}],
  ['conditions', { if: { type: 'string' }, else: false }, {}],
  ['an enumeration of objects', { enum: [{ a: 1 }] }, {}],
  ['a duplicate in an enumeration', { enum: ['a', 'a'] }, { enum: ['a'] }],
  [
    'the looser of two bounds',
    { minimum: 3, exclusiveMinimum: 3, maximum: 5, exclusiveMaximum: 9 },
    { minimum: 3, exclusiveMinimum: true, maximum: 5 },
  ],
  [
    'one of two combinations',
    { anyOf: [{ type: 'string' }], oneOf: [{ type: 'null' }] },
    { allOf: [{ anyOf: [{ type: 'null' }] }], anyOf: [{ type: 'string' }] },
  ],
])('drops %s', (_, schema, model) => {
  expect(toGatewayModel(schema)).toEqual(model);
});

test.each<[what: string, Schema, input: unknown]>([
  ['a text in the dialect of JavaScript', z.string().regex(/^\p{L}+$/u), 'über'],
  ['an address that a stricter reader of formats refuses', z.url(), 'http://a b'.replace(' ', '_')],
  [
    'one of two that both fit without their patterns',
    z.union([z.string().startsWith('a'), z.string().startsWith('b')]),
    'ab',
  ],
  ['a tree', Tree, { value: 'a', children: [{ value: 'b', children: [] }] }],
])('what the graph takes passes the gateway: %s', (_, schema, input) => {
  expect(schema['~standard'].validate(input)).not.toHaveProperty('issues');
  expect(draft04().validate(modelOf(schema), input)).toBe(true);
});

test.each<[what: string, Schema, input: unknown]>([
  ['a missing field', z.object({ a: z.string() }), {}],
  ['a wrong type deep inside', Tree, { value: 'a', children: [{ value: 1, children: [] }] }],
  ['an item too many', z.array(z.string()).max(1), ['a', 'b']],
  ['a text that is too long', z.string().max(2), 'abc'],
  ['an excluded bound', z.number().gt(3), 3],
  ['an unknown choice', z.enum(['a', 'b']), 'c'],
])('what is surely wrong does not: %s', (_, schema, input) => {
  expect(draft04().validate(modelOf(schema), input)).toBe(false);
});

const NAMES = ['a', 'b', 'c'];
const name = fc.constantFrom(...NAMES);
const small = fc.integer({ min: -2, max: 4 });
const size = fc.integer({ min: 0, max: 3 });
const scalar = fc.oneof(
  small,
  fc.constantFrom('', 'a', 'ab', '😀', 'abcd'),
  fc.boolean(),
  fc.constant(null),
  fc.constant(1.5),
);

/** Over few names and small numbers, so that values often match. */
const keywordsOver = (schema: fc.Arbitrary<unknown>): Record<string, fc.Arbitrary<unknown>> => ({
  type: fc.constantFrom('object', 'array', 'string', 'number', 'integer', 'boolean', ['integer', 'number', 'null']),
  const: scalar,
  enum: fc.uniqueArray(scalar, { minLength: 1, maxLength: 5 }),
  minimum: small,
  maximum: small,
  exclusiveMinimum: small,
  exclusiveMaximum: small,
  multipleOf: fc.constantFrom(1, 0.5, 2),
  minLength: size,
  maxLength: size,
  pattern: fc.constantFrom('^a', 'b$'),
  format: fc.constantFrom('email', 'uuid'),
  minItems: size,
  maxItems: size,
  uniqueItems: fc.boolean(),
  prefixItems: fc.array(schema, { minLength: 1, maxLength: 2 }),
  items: schema,
  contains: schema,
  properties: fc.dictionary(name, schema, { maxKeys: 3 }),
  patternProperties: fc.constant({ '^a': true }),
  required: fc.uniqueArray(name, { maxLength: 2 }),
  additionalProperties: schema,
  propertyNames: fc.constant({ maxLength: 1 }),
  minProperties: size,
  allOf: fc.array(schema, { minLength: 1, maxLength: 2 }),
  anyOf: fc.array(schema, { minLength: 1, maxLength: 2 }),
  oneOf: fc.array(schema, { minLength: 1, maxLength: 2 }),
  not: schema,
  if: schema,
  else: schema,
  description: fc.constant('a'),
});

/** Schemas of draft 2020-12. */
const { schema: anySchema } = fc.letrec<{ schema: unknown; keywords: unknown }>((tie) => {
  const keywords = keywordsOver(tie('schema'));
  return {
    schema: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'schema' },
      fc.boolean(),
      fc.constantFrom({ $ref: '#' }, { $ref: '#/$defs/d~1' }),
      tie('keywords'),
      tie('keywords'),
    ),
    // A few at a time: with all of them nothing would ever match.
    keywords: fc
      .subarray(Object.keys(keywords), { maxLength: 4 })
      .chain((names) => fc.record(Object.fromEntries(names.map((keyword) => [keyword, keywords[keyword]!])))),
  };
});

const { value: anyValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

/** undefined where ajv has no answer: it overflows on a schema that is its own alternative, and stumbles over a few others. */
function accepts(
  ajv: Pick<Ajv2020, 'compile'>,
  schema: object,
  values: readonly unknown[],
): readonly boolean[] | undefined {
  try {
    const validate = ajv.compile(schema);
    return values.map((value) => validate(value));
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return undefined;
    throw error;
  }
}

test('the gateway is never stricter than the schema, and every model is one', () => {
  let accepted = 0;
  let refused = 0;
  const original = new Ajv2020({ strict: false, validateFormats: false, meta: false, validateSchema: false });
  const converted = draft04();
  fc.assert(
    fc.property(anySchema, anySchema, fc.array(anyValue, { minLength: 20, maxLength: 20 }), (part, defined, values) => {
      const schema = { ...(typeof part === 'object' ? part : { allOf: [part] }), $defs: { 'd/': defined } };
      const model = toGatewayModel(schema);
      expect([isModel(model), isModel.errors]).toEqual([true, null]);
      const before = accepts(original, schema, values);
      if (!before) return;
      const after = accepts(converted, model, values);
      if (!after) return;
      before.forEach((isAccepted, i) => {
        if (isAccepted) expect([model, values[i], after[i]]).toEqual([model, values[i], true]);
        accepted += Number(isAccepted);
        refused += Number(!after[i]);
      });
    }),
    { numRuns: 200 },
  );
  // The property says something: many values pass, and the model does refuse many others.
  expect(accepted).toBeGreaterThan(200);
  expect(refused).toBeGreaterThan(200);
});
