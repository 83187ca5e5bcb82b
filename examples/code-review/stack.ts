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
import { review } from './agent';

export interface CodeReviewStackProps extends StackProps {
  readonly models: ModelStoreProps;
}

/** The code reviewer: five small models share a fleet, each scaled by its own load; the reporter is on Bedrock. */
export class CodeReviewStack extends Stack {
  constructor(scope: Construct, id: string, props: CodeReviewStackProps) {
    super(scope, id, props);

    const models = new ModelStore(this, 'Models', props.models);
    const fleet = new InferenceFleet(this, 'Gpu', {
      instanceTypes: [InferenceInstanceType.of('ml.g6.12xlarge'), InferenceInstanceType.of('ml.g5.12xlarge')],
      minInstances: 0,
      maxInstances: 5,
    });
    const onFleet = (name: string, model: string) => {
      const component = fleet.addComponent(name, { model: models.onFleet(model), resources: COPY_OF_8B });
      component.autoScaleCopies({ min: 0, max: 4, targetConcurrency: CONCURRENCY_OF_8B });
      return component;
    };
    const splitter = new ToolFunction(this, 'Splitter', { entry: join(__dirname, 'split-functions.ts') });

    const agent = new Agent(this, 'Review', {
      graph: review,
      entry: join(__dirname, 'agent.ts'),
      bundling: { conditions: ['source'] },
      components: {
        splitter: LambdaTool.fromFunction(splitter.function),
        security: onFleet('Security', 'security'),
        errors: onFleet('Errors', 'errors'),
        performance: onFleet('Performance', 'performance'),
        complexity: onFleet('Complexity', 'complexity'),
        ranker: onFleet('Ranker', 'ranker'),
        reporter: new ImportedModel(this, 'Reporter', { weights: { bucket: models.bucket, prefix: 'reporter/' } }),
      },
      objective: { p95: Duration.seconds(25) },
    });
    agent.dashboard();
    agent.alarms();

    const api = new AgentApi(this, 'Api', { agents: [agent] });
    api.alarms();
    new CfnOutput(this, 'Url', { value: api.url });

    acknowledgeFindings(this, [`${models.bucket.bucketArn}/reporter`]);
  }
}
