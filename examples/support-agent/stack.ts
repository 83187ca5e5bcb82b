import { join } from 'node:path';
import { Annotations, CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import {
  Agent,
  AgentApi,
  ImportedModel,
  InferenceFleet,
  InferenceInstanceType,
  Spillover,
} from 'cdk-compound-inference';
import type { Construct } from 'constructs';
import { CONCURRENCY_OF_8B, COPY_OF_8B } from '../shared/copy-of-8b';
import { ModelStore, type ModelStoreProps } from '../shared/model-store';
import { acknowledgeFindings } from '../shared/nag-acknowledgements';
import { support } from './agent';
import { WRITER_SPILLOVER } from './spillover';
import { SupportTools } from './tools';

export interface SupportAgentStackProps extends StackProps {
  readonly models: ModelStoreProps;
}

/** The support agent: small models on a fleet that scales to zero; the writer spills over to Bedrock; pre-warmed and tuned. */
export class SupportAgentStack extends Stack {
  constructor(scope: Construct, id: string, props: SupportAgentStackProps) {
    super(scope, id, props);

    const models = new ModelStore(this, 'Models', props.models);
    const fleet = new InferenceFleet(this, 'Gpu', {
      instanceTypes: [InferenceInstanceType.of('ml.g6.12xlarge'), InferenceInstanceType.of('ml.g5.12xlarge')],
      minInstances: 0,
      maxInstances: 3,
    });
    const onFleet = (name: string, model: string) => {
      const component = fleet.addComponent(name, { model: models.onFleet(model), resources: COPY_OF_8B });
      component.autoScaleCopies({ min: 0, max: 4, targetConcurrency: CONCURRENCY_OF_8B });
      return component;
    };
    // One model in two places: copies of its own for the usual load, Bedrock while they start and for what is too much for them.
    const serverless = new ImportedModel(this, 'Writer', { weights: { bucket: models.bucket, prefix: 'writer/' } });
    const writer = Spillover.of([onFleet('DedicatedWriter', 'writer'), serverless], WRITER_SPILLOVER);
    const tools = new SupportTools(this, 'Tools');

    const agent = new Agent(this, 'Support', {
      graph: support,
      entry: join(__dirname, 'agent.ts'),
      bundling: { conditions: ['source'] },
      components: {
        planner: onFleet('Planner', 'planner'),
        selector: onFleet('Selector', 'selector'),
        writer,
        search: tools.search,
        catalogue: tools.catalogue,
      },
      objective: { p95: Duration.seconds(8) },
    });
    agent.alarms();
    const { dashboard } = agent.dashboard();

    const prewarming = agent.prewarm({ monthlyBudget: 200 });
    prewarming.alarms();
    prewarming.addToDashboard(dashboard);

    const tuner = agent.tune();
    tuner.alarms();
    tuner.addToDashboard(dashboard);
    Annotations.of(tuner).acknowledgeWarning(
      'cdk-compound-inference:tuner/spillover-not-tuned',
      'The writer spills over to Bedrock, so the target of its own copies need not be exact',
    );

    const api = new AgentApi(this, 'Api', { agents: [agent] });
    api.alarms();
    new CfnOutput(this, 'Url', { value: api.url });

    acknowledgeFindings(this, [`${models.bucket.bucketArn}/writer`]);
  }
}
