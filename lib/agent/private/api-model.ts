import type { JsonSchema } from '../../../core/graph/schema';

/** A JSON Schema of draft 04, in the part of it that API Gateway is asked to check. */
export type GatewaySchema = { readonly [keyword: string]: unknown };

const ANYTHING: GatewaySchema = {};
const NOTHING: GatewaySchema = { not: {} };

type Node = Readonly<Record<string, unknown>>;

/**
 * The JSON Schema of an input (draft 2020-12) as a model of API Gateway (draft 04).
 *
 * Whatever the schema accepts, the model accepts: the gateway turns away what is surely wrong, and the agent has the last
 * word. So a keyword is left out where draft 04 lacks it, where validators differ (`pattern` is in JavaScript's dialect;
 * `format` and `multipleOf` are read in several ways), or where a model would be refused at deployment: API Gateway
 * refuses keywords that it does not know.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html
 */
export function toGatewayModel(schema: JsonSchema): GatewaySchema {
  if (schema === true) return ANYTHING;
  const conversion = new Conversion(schema);
  const root = conversion.convert(schema);
  const definitions = conversion.definitions();
  // A reference to the whole document has no form that models allow: the root becomes a definition.
  const all = conversion.refersToRoot ? { [ROOT]: root, ...definitions } : definitions;
  return {
    ...(conversion.refersToRoot ? { allOf: [{ $ref: definition(ROOT) }] } : root),
    ...(Object.keys(all).length > 0 && { definitions: all }),
  };
}

const ROOT = 'Root';

const definition = (name: string) => `#/definitions/${name}`;

class Conversion {
  /** Names of the definitions: numbers, because a name may have characters that pointers or models do not allow. */
  readonly #names: ReadonlyMap<string, string>;
  readonly #definitions: Node;
  refersToRoot = false;

  constructor({ $defs }: Node) {
    this.#definitions = isNode($defs) ? $defs : {};
    this.#names = new Map(Object.keys(this.#definitions).map((name, i) => [name, `Definition${i + 1}`]));
  }

  definitions(): Readonly<Record<string, GatewaySchema>> {
    return Object.fromEntries([...this.#names].map(([from, to]) => [to, this.convert(this.#definitions[from])]));
  }

  convert(schema: unknown): GatewaySchema {
    if (schema === false) return NOTHING;
    if (!isNode(schema)) return ANYTHING;
    // In draft 04 nothing beside a reference counts.
    if (typeof schema.$ref === 'string') return this.#reference(schema.$ref);
    return {
      ...typeOf(schema),
      ...enumOf(schema),
      ...boundsOf(schema),
      ...this.#members(schema),
      ...this.#elements(schema),
      ...this.#combinations(schema),
      ...(isNode(schema.not) && Object.keys(schema.not).length === 0 && NOTHING),
    };
  }

  #reference($ref: string): GatewaySchema {
    if ($ref === '#') {
      this.refersToRoot = true;
      return { $ref: definition(ROOT) };
    }
    const name = this.#names.get(
      $ref
        .replace(/^#\/\$defs\//, '')
        .replaceAll('~1', '/')
        .replaceAll('~0', '~'),
    );
    return name === undefined ? ANYTHING : { $ref: definition(name) };
  }

  #members({ properties, required, additionalProperties, patternProperties }: Node): GatewaySchema {
    const names = Array.isArray(required) ? [...new Set(required)] : [];
    return {
      ...(isNode(properties) && {
        properties: Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, this.convert(part)])),
      }),
      // Draft 04 refuses an empty list.
      ...(names.length > 0 && { required: names }),
      // What a dropped pattern allows would count as additional.
      ...(additionalProperties !== undefined &&
        patternProperties === undefined && { additionalProperties: this.#additional(additionalProperties) }),
    };
  }

  #elements({ prefixItems, items }: Node): GatewaySchema {
    if (!Array.isArray(prefixItems)) return items === undefined ? {} : { items: this.convert(items) };
    return {
      items: prefixItems.map((item) => this.convert(item)),
      ...(items !== undefined && { additionalItems: this.#additional(items) }),
    };
  }

  #additional(schema: unknown): GatewaySchema | boolean {
    return typeof schema === 'boolean' ? schema : this.convert(schema);
  }

  /** `oneOf` becomes `anyOf`: of two parts that lost keywords, both may accept. */
  #combinations({ allOf, anyOf, oneOf }: Node): GatewaySchema {
    const all = (parts: unknown) => (Array.isArray(parts) ? parts.map((part) => this.convert(part)) : []);
    const every = [...all(allOf), ...(anyOf !== undefined && oneOf !== undefined ? [{ anyOf: all(oneOf) }] : [])];
    const some = all(anyOf ?? oneOf);
    return { ...(every.length > 0 && { allOf: every }), ...(some.length > 0 && { anyOf: some }) };
  }
}

/** In draft 04 an integer is written without a fraction or exponent; the graph takes `1.0` for one. */
function typeOf({ type }: Node): GatewaySchema {
  if (type === undefined) return {};
  const types = [...new Set([type].flat().map((name) => (name === 'integer' ? 'number' : name)))];
  return { type: types.length === 1 ? types[0] : types };
}

/** Only of plain values: how lists and objects compare is not worth relying on. */
function enumOf({ enum: values, const: value }: Node): GatewaySchema {
  const allowed = Array.isArray(values) ? values : value !== undefined ? [value] : [];
  const isPlain = allowed.every((one) => typeof one !== 'object' || one === null);
  return allowed.length > 0 && isPlain ? { enum: [...new Set(allowed)] } : {};
}

function boundsOf(schema: Node): GatewaySchema {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, minLength } = schema;
  const kept = ['maxLength', 'minItems', 'maxItems'].flatMap((name) =>
    typeof schema[name] === 'number' ? [[name, schema[name]]] : [],
  );
  return {
    ...Object.fromEntries(kept),
    // Some libraries count UTF-16 units, as JavaScript does: two of them can be one character.
    ...(typeof minLength === 'number' && { minLength: Math.ceil(minLength / 2) }),
    ...bound('minimum', minimum, exclusiveMinimum, (inclusive, exclusive) => exclusive >= inclusive),
    ...bound('maximum', maximum, exclusiveMaximum, (inclusive, exclusive) => exclusive <= inclusive),
  };
}

/** In draft 04 a bound is excluded by a flag beside it, and there is one bound a side: the tighter one. */
function bound(
  name: 'minimum' | 'maximum',
  inclusive: unknown,
  exclusive: unknown,
  isTighter: (inclusive: number, exclusive: number) => boolean,
): GatewaySchema {
  if (typeof exclusive === 'number' && (typeof inclusive !== 'number' || isTighter(inclusive, exclusive))) {
    return { [name]: exclusive, [name === 'minimum' ? 'exclusiveMinimum' : 'exclusiveMaximum']: true };
  }
  return typeof inclusive === 'number' ? { [name]: inclusive } : {};
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
