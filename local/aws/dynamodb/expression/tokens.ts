export interface Token {
  readonly text: string;
  /** Where it begins in the expression. */
  readonly at: number;
}

const TOKEN = /\s+|[#:]\w+|[A-Za-z_]\w*|\d+|<>|<=|>=|./gsu;

/** Every character of an expression lies in a token, or is white space: what no grammar knows is a token as well. */
export function tokensOf(expression: string): Token[] {
  return [...expression.matchAll(TOKEN)].flatMap(({ 0: text, index }) =>
    text.trim() === '' ? [] : [{ text, at: index }],
  );
}
