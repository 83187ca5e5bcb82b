import { RemovalPolicy } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { isObject } from '../../core/graph/field-faults';
import { ConfigurationError } from '../errors';
import { faultsOf, type Report, show } from './checks';

/**
 * What may be given, by name: TypeScript sees to it that a shape has all that its interface has, and what that requires. Users of
 * JavaScript, and of runners that do not check types, are told by it.
 */
export type Shape<T> = { readonly [P in keyof T]-?: Partial<Pick<T, P>> extends Pick<T, P> ? Kind : Needed };

/** Tells whether a value is of a kind, and reports what it is not; `area` begins the ids. */
export type Kind = (area: string, field: string, value: unknown, report: Report) => boolean;

/** What must be given. */
export interface Needed {
  readonly needed: Kind;
}

export const needed = (kind: Kind): Needed => ({ needed: kind });

/**
 * Reports what is missing, what is of another kind than it must be, and what nobody asked for.
 *
 * @param field of the properties themselves, or nothing if they are those of the construct
 * @returns whether all are there and of their kinds, so that the other checks can look at them
 */
export function checkShape(
  area: string,
  field: string,
  props: unknown,
  shape: Readonly<Record<string, Kind | Needed>>,
  report: Report,
): boolean {
  if (props !== undefined && props !== null && !isObject(props)) {
    return refuse(area, field || 'props', 'an object', props, report);
  }
  const values = props ?? {};
  const at = (name: string) => (field === '' ? name : `${field}.${name}`);
  const areRight = Object.entries(shape).map(([name, property]) => {
    const value = values[name];
    if (typeof property === 'function') return value === undefined || property(area, at(name), value, report);
    if (value !== undefined && value !== null) return property.needed(area, at(name), value, report);
    report(`${area}/missing`, at(name), 'is required: give it a value');
    return false;
  });
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || Object.hasOwn(shape, name)) continue;
    const message = `is none of ${Object.keys(shape).join(', ')}: correct it, or leave it out`;
    report(`${area}/unknown`, at(name), message);
  }
  return !areRight.includes(false);
}

/** Refuses what the other checks cannot look at. What nobody asked for they report with the rest, by `checkShape`. */
export function assertShape(
  construct: IConstruct,
  area: string,
  props: unknown,
  shape: Readonly<Record<string, Kind | Needed>>,
): void {
  let isWhole = true;
  const faults = faultsOf((report) => {
    isWhole = checkShape(area, '', props, shape, report);
  });
  if (!isWhole) throw new ConfigurationError(construct.node.path, faults);
}

/** The properties as far as there are any. */
export function given<T extends object>(props: T | undefined): Partial<T> {
  return props ?? {};
}

/** What other checks judge, or cannot be wrong in a way that makes them fail. */
export const anything: Kind = () => true;

export const text: Kind = (area, field, value, report) =>
  typeof value === 'string' || refuse(area, field, 'a text', value, report);

/** A number, or a token that becomes one. */
export const amount: Kind = (area, field, value, report) =>
  typeof value === 'number' || refuse(area, field, 'a number', value, report);

/** One of the values of an enumeration. */
export function oneOf(values: Readonly<Record<string, string>>): Kind {
  const known: readonly unknown[] = Object.values(values);
  return (area, field, value, report) =>
    known.includes(value) || refuse(area, field, `one of ${known.join(', ')}`, value, report);
}

/** What has these members, whichever copy of a package made it. */
export function having(what: string, ...members: readonly string[]): Kind {
  const has = (value: unknown) => isObject(value) && members.every((member) => member in value);
  return (area, field, value, report) => has(value) || refuse(area, field, what, value, report);
}

export const duration = having('a Duration, as in Duration.seconds(30)', 'toMilliseconds');

export function list(kind: Kind): Kind {
  return (area, field, value, report) => {
    if (!Array.isArray(value)) return refuse(area, field, 'a list', value, report);
    return value.filter((item, i) => !kind(area, `${field}[${i}]`, item, report)).length === 0;
  };
}

/** An object with any names. */
export function each(kind: Kind): Kind {
  return (area, field, value, report) => {
    if (!isObject(value)) return refuse(area, field, 'an object', value, report);
    const items = Object.entries(value);
    return items.filter(([name, item]) => !kind(area, `${field}.${name}`, item, report)).length === 0;
  };
}

/** An object of a shape. */
export function shaped<T>(shape: Shape<T>): Kind {
  return (area, field, value, report) => checkShape(area, field, value, shape, report);
}

export const IS_VPC = having('a Vpc, as in Vpc.fromLookup(...)', 'selectSubnets');
export const IS_SECURITY_GROUP = having('a SecurityGroup', 'securityGroupId');
export const IS_KEY = having('a Key of KMS', 'keyArn');
export const IS_ROLE = having('a Role', 'roleArn');
export const IS_BUCKET = having('a Bucket', 'bucketName');
export const IS_REMOVAL_POLICY = oneOf(RemovalPolicy);
export const IS_LOG_GROUP = having('a LogGroup', 'logGroupArn');
export const IS_ACTION = having('an action of alarms, as in new SnsAction(topic)', 'bind');

function refuse(area: string, field: string, what: string, value: unknown, report: Report): false {
  report(`${area}/kind`, field, `must be ${what}, got: ${shown(value)}`);
  return false;
}

/** Constructs are too large for a message, and refer to themselves. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'function') return 'a function';
  return isObject(value) ? 'an object' : show(value);
}
