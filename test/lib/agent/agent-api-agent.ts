import { Duration } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { z } from 'zod';
import { type Graph, graph, model, tool } from '../../../core/graph';
import type { AgentObjective, IAgent } from '../../../lib/agent/agent-ref';
import type { IComponent } from '../../../lib/component';

const search = tool('search', { input: z.object({ query: z.string() }), output: z.array(z.string()) });

/** An agent of three nodes: a model plans, a tool is called for each query, a function puts it together. */
export const agentGraph = (name: string): Graph =>
  graph(name, {
    description: `Answers as ${name}`,
    input: z.object({ question: z.string().max(500), top: z.int().gt(0).optional() }),
    output: z.object({ answer: z.string() }),
  })
    .node('plan', { call: model('planner'), input: ({ input }) => input.question })
    .map('facts', ['plan'], { over: ({ plan }) => [plan.text], call: search, input: (query) => ({ query }) })
    .compute('answer', ['facts'], ({ facts }) => facts.flat().join())
    .output(['answer'], ({ answer }) => ({ answer }));

/** An agent whose text is read while it is written. */
export const streamingGraph = (name: string): Graph =>
  graph(name, { input: z.object({ question: z.string() }) })
    .node('answer', { call: model('writer'), input: ({ input }) => input.question, stream: true })
    .output(['answer'], ({ answer }) => answer.text);

export interface TestAgentOptions {
  readonly graph?: Graph;
  readonly deadline?: Duration;
  readonly objective?: AgentObjective;
  readonly components?: Readonly<Record<string, IComponent>>;
  readonly functionName?: string;
}

/** As little as an API or a dashboard needs. */
export class TestAgent extends Construct implements IAgent {
  readonly graph: Graph;
  readonly deadline: Duration;
  readonly components: Readonly<Record<string, IComponent>>;
  readonly objective?: AgentObjective;
  readonly function: LambdaFunction;

  constructor(scope: Construct, name: string, options: TestAgentOptions = {}) {
    super(scope, name);
    this.graph = options.graph ?? agentGraph(name);
    this.deadline = options.deadline ?? Duration.seconds(28);
    this.components = options.components ?? {};
    if (options.objective) this.objective = options.objective;
    this.function = new LambdaFunction(this, 'Function', {
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromInline('exports.handler = async () => ({});'),
      ...(options.functionName !== undefined && { functionName: options.functionName }),
    });
  }
}
