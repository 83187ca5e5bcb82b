const TOKEN = /\s*(\d+(?:\.\d+)?(?:e[+-]?\d+)?|[-+*/^()])/iy;

/**
 * The value of an expression of numbers, `+ - * / ^` and parentheses.
 *
 * @throws SyntaxError if it is none, or its value is no finite number
 */
export function evaluate(expression: string): number {
  const tokens = tokensOf(expression);
  let at = 0;
  const take = (...operators: string[]) => (operators.includes(tokens[at] ?? '') ? tokens[at++] : undefined);

  const sum = (): number => {
    let value = product();
    for (let operator = take('+', '-'); operator; operator = take('+', '-')) {
      const other = product();
      value = operator === '+' ? value + other : value - other;
    }
    return value;
  };
  const product = (): number => {
    let value = signed();
    for (let operator = take('*', '/'); operator; operator = take('*', '/')) {
      const other = signed();
      value = operator === '*' ? value * other : value / other;
    }
    return value;
  };
  const signed = (): number => (take('-') ? -signed() : power());
  const power = (): number => {
    const base = atom();
    return take('^') ? base ** signed() : base;
  };
  const atom = (): number => {
    if (take('(')) {
      const value = sum();
      if (!take(')')) throw new SyntaxError('a parenthesis is not closed');
      return value;
    }
    const value = Number(tokens[at++] ?? Number.NaN);
    if (Number.isNaN(value)) throw new SyntaxError('a number is missing');
    return value;
  };

  const value = sum();
  if (at < tokens.length) throw new SyntaxError(`"${tokens[at]}" is not expected there`);
  if (!Number.isFinite(value)) throw new SyntaxError('the value is no finite number');
  return value;
}

function tokensOf(expression: string): string[] {
  const tokens: string[] = [];
  const text = expression.trimEnd();
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[1];
    if (token === undefined) throw new SyntaxError(`character ${at + 1} belongs to no expression`);
    tokens.push(token);
  }
  return tokens;
}
