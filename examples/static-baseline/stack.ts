import { join } from 'node:path';
import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { Agent, AgentApi, InferenceFleet, InferenceInstanceType } from 'cdk-compound-inference';
import type { Construct } from 'constructs';
import { COPY_OF_8B } from '../shared/copy-of-8b';
import { ModelStore, type ModelStoreProps } from '../shared/model-store';
import { acknowledgeFindings } from '../shared/nag-acknowledgements';
import { support } from '../support-agent/agent';
import { SupportTools } from '../support-agent/tools';

export interface StaticBaselineStackProps extends StackProps {
  readonly models: ModelStoreProps;
  /** Instances that always run. */
  readonly instances: number;
  /** Copies of each model that always run. */
  readonly copiesPerModel: number;
}

/** The support agent as it was before: the same graph, tools and models on capacity that was sized once and never moves. */
export class StaticBaselineStack extends Stack {
  constructor(scope: Construct, id: string, props: StaticBaselineStackProps) {
    super(scope, id, props);

    const models = new ModelStore(this, 'Models', props.models);
    const fleet = new InferenceFleet(this, 'Gpu', {
      instanceTypes: [InferenceInstanceType.of('ml.g6.12xlarge')],
      minInstances: props.instances,
      maxInstances: props.instances,
    });
    const onFleet = (name: string, model: string) =>
      fleet.addComponent(name, {
        model: models.onFleet(model),
        resources: COPY_OF_8B,
        initialCopies: props.copiesPerModel,
      });
    const tools = new SupportTools(this, 'Tools');

    const agent = new Agent(this, 'Support', {
      graph: support,
      entry: join(__dirname, '../support-agent/agent.ts'),
      bundling: { conditions: ['source'] },
      components: {
        planner: onFleet('Planner', 'planner'),
        selector: onFleet('Selector', 'selector'),
        writer: onFleet('Writer', 'writer'),
        search: tools.search,
        catalogue: tools.catalogue,
      },
      objective: { p95: Duration.seconds(8) },
    });
    agent.dashboard();
    agent.alarms();

    const api = new AgentApi(this, 'Api', { agents: [agent] });
    api.alarms();
    new CfnOutput(this, 'Url', { value: api.url });

    acknowledgeFindings(this);
  }
}
