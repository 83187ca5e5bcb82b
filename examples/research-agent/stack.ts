import { join } from 'node:path';
import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import {
  Agent,
  AgentApi,
  ImportedModel,
  InferenceFleet,
  InferenceInstanceType,
  LambdaTool,
} from 'cdk-compound-inference';
import type { Construct } from 'constructs';
import { CONCURRENCY_OF_8B, COPY_OF_8B } from '../shared/copy-of-8b';
import { ModelStore, type ModelStoreProps } from '../shared/model-store';
import { acknowledgeFindings } from '../shared/nag-acknowledgements';
import { ToolFunction } from '../shared/tool-function';
import { research } from './agent';

export interface ResearchAgentStackProps extends StackProps {
  readonly models: ModelStoreProps;
}

/** The research agent: planner and checker on a fleet that scales to zero, the writer on Bedrock. */
export class ResearchAgentStack extends Stack {
  constructor(scope: Construct, id: string, props: ResearchAgentStackProps) {
    super(scope, id, props);

    const models = new ModelStore(this, 'Models', props.models);
    const fleet = new InferenceFleet(this, 'Gpu', {
      instanceTypes: [InferenceInstanceType.of('ml.g6.12xlarge'), InferenceInstanceType.of('ml.g5.12xlarge')],
      minInstances: 0,
      maxInstances: 2,
    });
    const onFleet = (name: string, model: string) => {
      const component = fleet.addComponent(name, { model: models.onFleet(model), resources: COPY_OF_8B });
      component.autoScaleCopies({ min: 0, max: 4, targetConcurrency: CONCURRENCY_OF_8B });
      return component;
    };
    const tool = (id: string, name: string) =>
      LambdaTool.fromFunction(new ToolFunction(this, id, { entry: join(__dirname, 'tools', `${name}.ts`) }).function);

    const agent = new Agent(this, 'Research', {
      graph: research,
      entry: join(__dirname, 'agent.ts'),
      bundling: { conditions: ['source'] },
      components: {
        planner: onFleet('Planner', 'planner'),
        checker: onFleet('Checker', 'checker'),
        writer: new ImportedModel(this, 'Writer', { weights: { bucket: models.bucket, prefix: 'writer/' } }),
        lookup: tool('Lookup', 'lookup'),
        find: tool('Find', 'find'),
        calculate: tool('Calculate', 'calculate'),
        compare: tool('Compare', 'compare'),
      },
      objective: { p95: Duration.seconds(12) },
    });
    agent.alarms();
    agent.dashboard();

    const api = new AgentApi(this, 'Api', { agents: [agent] });
    api.alarms();
    new CfnOutput(this, 'Url', { value: api.url });

    acknowledgeFindings(this, [`${models.bucket.bucketArn}/writer`]);
  }
}
