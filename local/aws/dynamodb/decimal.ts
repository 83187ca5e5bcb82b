/** A decimal number, digits times ten to the exponent, exact as DynamoDB's are. The digits end in no zero. */
export interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

/** @returns undefined if the text is no number */
export function parseDecimal(text: string): Decimal | undefined {
  const [, sign, whole = '', fraction = '', power = '0'] = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  if (sign === undefined || whole + fraction === '') return undefined;
  return normalised(BigInt(`${sign === '-' ? '-' : ''}${whole}${fraction}`), Number(power) - fraction.length);
}

export function compareDecimals(a: Decimal, b: Decimal): number {
  const exponent = Math.min(a.exponent, b.exponent);
  const [left, right] = [digitsAt(a, exponent), digitsAt(b, exponent)];
  return left < right ? -1 : Number(left > right);
}

export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const exponent = Math.min(a.exponent, b.exponent);
  return normalised(digitsAt(a, exponent) + digitsAt(b, exponent), exponent);
}

export function negated({ digits, exponent }: Decimal): Decimal {
  return { digits: -digits, exponent };
}

/** Without an exponent, as DynamoDB writes numbers. */
export function formatDecimal({ digits, exponent }: Decimal): string {
  if (exponent >= 0) return String(digits * 10n ** BigInt(exponent));
  const text = significantDigits({ digits, exponent }).padStart(1 - exponent, '0');
  return `${digits < 0n ? '-' : ''}${text.slice(0, exponent)}.${text.slice(exponent)}`;
}

export function significantDigits({ digits }: Decimal): string {
  return String(digits < 0n ? -digits : digits);
}

/** The power of ten of the first digit. */
export function magnitude(decimal: Decimal): number {
  return significantDigits(decimal).length - 1 + decimal.exponent;
}

function digitsAt(decimal: Decimal, exponent: number): bigint {
  return decimal.digits * 10n ** BigInt(decimal.exponent - exponent);
}

function normalised(digits: bigint, exponent: number): Decimal {
  if (digits === 0n) return { digits, exponent: 0 };
  const zeros = /0*$/.exec(String(digits))![0].length;
  return { digits: digits / 10n ** BigInt(zeros), exponent: exponent + zeros };
}
