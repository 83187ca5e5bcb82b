import { Duration } from 'aws-cdk-lib';
import { type IFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { DEFAULT_DEADLINE_MS } from '../../../core/api/config-variable';
import type { Graph } from '../../../core/graph/graph';
import type { IComponent } from '../../component';
import { assertConfiguration } from '../../private/checks';
import { checkShape } from '../../private/shape';
import type { AgentAttributes, AgentObjective, IAgent } from '../agent-ref';
import { EXISTING_AGENT } from './shapes';

/** An agent that another app deployed. */
export class ImportedAgent extends Construct implements IAgent {
  public readonly graph: Graph;
  public readonly function: IFunction;
  public readonly components: Readonly<Record<string, IComponent>> = {};
  public readonly deadline: Duration;
  public readonly objective?: AgentObjective;

  constructor(scope: Construct, id: string, attributes: AgentAttributes) {
    super(scope, id);
    assertConfiguration(this, (report) => checkShape('agent', '', attributes, EXISTING_AGENT, report));
    const { graph, functionArn, deadline, objective } = attributes;
    this.graph = graph;
    // So that an API may be permitted to call it.
    this.function = LambdaFunction.fromFunctionAttributes(this, 'Function', { functionArn, sameEnvironment: true });
    this.deadline = deadline ?? DEFAULT_DEADLINE;
    this.objective = objective;
  }
}

/** Of agents that set none. */
export const DEFAULT_DEADLINE = Duration.millis(DEFAULT_DEADLINE_MS);
