import type { AwsError } from '../http';
import { isRecord } from '../http';
import { listOf, stringOf } from '../read-json';
import { type AttributeValue, type Item, isEqual, isValueType, membersOf, type ValueType } from './attribute-value';
import { type Decimal, formatDecimal, magnitude, parseDecimal, significantDigits } from './decimal';
import { invalidValue, validationException } from './validation-exception';

/** @throws AwsError for what is no item, such as a number that is none */
export function readItem(value: unknown, path: string): Item {
  if (!isRecord(value)) throw requiredException(path);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, readValue(each, `${path}.${name}`)]));
}

export function requiredException(path: string): AwsError {
  const member = path.charAt(0).toLowerCase() + path.slice(1);
  return validationException(
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  );
}

/** Numbers become what DynamoDB would write: `1.50` is `1.5`. */
export function readValue(value: unknown, path: string): AttributeValue {
  const types = isRecord(value) ? Object.keys(value).filter(isValueType) : [];
  const [type] = types;
  if (!isRecord(value) || type === undefined) {
    throw validationException('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
  }
  if (types.length > 1) {
    throw validationException(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  }
  return readContent(type, value[type], `${path}.${type}`);
}

function readContent(type: ValueType, content: unknown, path: string): AttributeValue {
  switch (type) {
    case 'S':
      return { S: stringOf(content, path) };
    case 'N':
      return { N: readNumber(stringOf(content, path)) };
    case 'B':
      return { B: stringOf(content, path) };
    case 'BOOL':
      return { BOOL: content === true };
    case 'NULL':
      if (content !== true) throw invalidValue('Null attribute value types must have the value of true');
      return { NULL: true };
    case 'M':
      return { M: readItem(content, path) };
    case 'L':
      return { L: listOf(content, path).map((each, at) => readValue(each, `${path}[${at}]`)) };
    case 'SS':
      return uniqueSet({ SS: readStrings(content, path) });
    case 'NS':
      return uniqueSet({ NS: readStrings(content, path).map(readNumber) });
    case 'BS':
      return uniqueSet({ BS: readStrings(content, path) });
  }
}

function readStrings(content: unknown, path: string): string[] {
  return listOf(content, path).map((each, at) => stringOf(each, `${path}[${at}]`));
}

function uniqueSet(set: AttributeValue): AttributeValue {
  const members = membersOf(set) ?? [];
  if (members.length === 0) throw invalidValue(emptySetProblem(set));
  const isRepeated = members.some((member, at) => members.some((other, i) => i < at && isEqual(member, other)));
  if (!isRepeated) return set;
  const texts = members.map((member) => String(Object.values(member)[0])).join(', ');
  throw 'NS' in set
    ? validationException('Input collection contains duplicates')
    : invalidValue(`Input collection [${texts}] contains duplicates.`);
}

function emptySetProblem(set: AttributeValue): string {
  if ('BS' in set) return 'Binary sets should not be empty';
  // As the service says it, with two spaces.
  return `An ${'SS' in set ? 'string' : 'number'} set  may not be empty`;
}

function readNumber(text: string): string {
  const decimal = parseDecimal(text);
  if (decimal) return formatNumber(decimal);
  throw validationException(
    text === ''
      ? 'The parameter cannot be converted to a numeric value'
      : `The parameter cannot be converted to a numeric value: ${text}`,
  );
}

/** @throws AwsError for a number beyond 38 digits or beyond the range of DynamoDB */
export function formatNumber(decimal: Decimal): string {
  if (decimal.digits !== 0n && magnitude(decimal) > 125) {
    throw validationException(
      'Number overflow. Attempting to store a number with magnitude larger than supported range',
    );
  }
  if (decimal.digits !== 0n && magnitude(decimal) < -130) {
    throw validationException(
      'Number underflow. Attempting to store a number with magnitude smaller than supported range',
    );
  }
  if (significantDigits(decimal).length > 38) {
    throw validationException('Attempting to store more than 38 significant digits in a Number');
  }
  return formatDecimal(decimal);
}
