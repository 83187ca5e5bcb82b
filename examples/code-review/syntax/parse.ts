import { type ParserOptions, type ParserPlugin, parse, parseExpression } from '@babel/parser';
import { type FunctionNode, isFunction, type Node } from './nodes';

/** @throws SyntaxError if the source cannot be parsed. */
export function parseFile(path: string, source: string): Node {
  return parse(source, optionsFor(path)).program;
}

/**
 * Parses the text of one function, method or accessor, as cut out of the file at `path`.
 *
 * @throws SyntaxError if the source is no function.
 */
export function parseFunction(path: string, source: string): FunctionNode {
  const node = parseAsExpression(path, source) ?? parseAsMember(path, source);
  if (!node || !isFunction(node)) throw new SyntaxError(`no function: ${source.slice(0, 40)}`);
  return node;
}

function parseAsExpression(path: string, source: string): Node | undefined {
  try {
    return parseExpression(source, optionsFor(path));
  } catch {
    return undefined;
  }
}

/** A method is only one inside a class; the class extends so that `super` may stand in it. */
function parseAsMember(path: string, source: string): Node | undefined {
  const expression = parseExpression(`class extends Object {${source}\n}`, optionsFor(path));
  return expression.type === 'ClassExpression' ? expression.body.body[0] : undefined;
}

function optionsFor(path: string): ParserOptions {
  // In a .ts file `<T>(x: T) => x` is a generic function; with JSX it would open a tag.
  const language: ParserPlugin[] = /\.[cm]?ts$/.test(path) ? ['typescript'] : ['typescript', 'jsx'];
  return { sourceType: 'unambiguous', errorRecovery: true, plugins: [...language, 'decorators-legacy'] };
}
