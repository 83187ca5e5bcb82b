import { expressionName } from '../syntax/names';
import { childrenOf, contains, isFunction, mentions, type Node } from '../syntax/nodes';
import { analyser, type Inspected, type Observation } from './analyser';

/** Stands in for the error-handling analyser. */
export const errors = analyser((inspected) => [
  ...swallowedErrors(inspected),
  ...swallowedRejections(inspected),
  ...thrownValues(inspected),
  ...asyncExecutors(inspected),
]);

function swallowedErrors({ nodes }: Inspected): Observation[] {
  return nodes.flatMap(({ node }): Observation[] => {
    if (node.type !== 'CatchClause') return [];
    if (node.body.body.length === 0) {
      return [
        {
          at: node,
          severity: 'high',
          title: 'Error swallowed',
          detail: 'The catch block is empty, so every failure of the try block looks like success.',
          suggestion: 'Handle the error that is expected, and throw any other again.',
        },
      ];
    }
    if (usesError(node) || leaves(node.body) || actsOtherwise(node.body)) return [];
    return [
      {
        at: node,
        severity: 'medium',
        title: 'Error ignored',
        detail: 'The catch block neither looks at the error nor does anything else instead, so its cause is lost.',
        suggestion: 'Log the error or pass it on as cause.',
      },
    ];
  });
}

function usesError({ param, body }: Extract<Node, { type: 'CatchClause' }>): boolean {
  if (!param) return false;
  return param.type !== 'Identifier' || mentions(body, param.name);
}

const leaves = (body: Node) => contains(body, ({ type }) => /^(Throw|Return|Continue|Break)Statement$/.test(type));

/** Answering, cleaning up or taking a fallback handles the case without its cause; a log line does not. */
function actsOtherwise(node: Node): boolean {
  if (isCall(node) && isLog(node.callee)) return false;
  if (isCall(node) || node.type === 'AssignmentExpression' || node.type === 'YieldExpression') return true;
  return childrenOf(node).some(actsOtherwise);
}

const isCall = (node: Node) => node.type === 'CallExpression' || node.type === 'OptionalCallExpression';

function isLog(callee: Node): boolean {
  const owner = 'object' in callee ? expressionName(callee.object) : undefined;
  return (
    /^_?(console|log|logger|logging)$/i.test(owner ?? '') || /^(log|debug|warn)$/.test(expressionName(callee) ?? '')
  );
}

function swallowedRejections({ nodes }: Inspected): Observation[] {
  return nodes.flatMap(({ node }): Observation[] => {
    if (node.type !== 'CallExpression' || expressionName(node.callee) !== 'catch') return [];
    const handler = node.arguments[0];
    if (!handler || !isFunction(handler) || !isEmpty(handler.body)) return [];
    return [
      {
        at: node,
        severity: 'high',
        title: 'Rejection swallowed',
        detail: 'The promise is caught by a function that does nothing, so its failure is never seen.',
        suggestion: 'Log the error, or let the promise reject.',
      },
    ];
  });
}

const isEmpty = (body: Node) =>
  (body.type === 'BlockStatement' && body.body.length === 0) ||
  body.type === 'NullLiteral' ||
  (body.type === 'Identifier' && body.name === 'undefined');

function thrownValues({ nodes }: Inspected): Observation[] {
  return nodes.flatMap(({ node }): Observation[] => {
    if (node.type !== 'ThrowStatement') return [];
    if (!/^(String|Numeric|Template|Boolean|Null)Literal$|^ObjectExpression$/.test(node.argument.type)) return [];
    return [
      {
        at: node,
        severity: 'medium',
        title: 'Thrown value is no Error',
        detail: 'What is thrown has no stack, and handlers that read `message` find nothing.',
        suggestion: 'Throw an Error with the value in its message.',
      },
    ];
  });
}

function asyncExecutors({ nodes }: Inspected): Observation[] {
  return nodes.flatMap(({ node }): Observation[] => {
    if (node.type !== 'NewExpression' || expressionName(node.callee) !== 'Promise') return [];
    const executor = node.arguments[0];
    if (!executor || !isFunction(executor) || !executor.async) return [];
    return [
      {
        at: node,
        severity: 'high',
        title: 'Async executor',
        detail: 'If the executor throws, the new promise never settles and the error is unhandled.',
        suggestion: 'Make the whole function async instead of building a promise by hand.',
      },
    ];
  });
}
