import type { ChatRequest } from 'cdk-compound-inference/graph';
import { dataOf } from '../../shared/json-prompt';
import { unnumberLines } from '../numbered-lines';
import type { AnalysisData } from '../prompts';
import type { Analysis, Finding } from '../schemas';
import { type OwnNode, ownNodes } from '../syntax/functions';
import type { FunctionNode, Node } from '../syntax/nodes';
import { parseFunction } from '../syntax/parse';

/** A function as an inspection sees it. */
export interface Inspected {
  readonly fn: FunctionNode;
  readonly nodes: readonly OwnNode[];
  readonly lineCount: number;
}

/** A finding whose place is a node of the function. */
export interface Observation extends Omit<Finding, 'line'> {
  readonly at: Node;
}

const MAX_FINDINGS = 20;

/** Stands in for a model that reads one function: parses the source out of the prompt and inspects its syntax. */
export function analyser(inspect: (inspected: Inspected) => Observation[]): (request: ChatRequest) => string {
  return (request) => {
    const { path, source: numbered }: AnalysisData = dataOf(request);
    const { source, startLine } = unnumberLines(numbered);
    const fn = parseFunction(path, source);
    const observations = inspect({ fn, nodes: ownNodes(fn), lineCount: source.split('\n').length });
    const findings = observations
      .slice(0, MAX_FINDINGS)
      .map(({ at, ...finding }) => ({ ...finding, line: startLine + at.loc!.start.line - 1 }));
    return JSON.stringify({ findings } satisfies Analysis);
  };
}
