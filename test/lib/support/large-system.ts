import { NestedStack, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import {
  Agent,
  AgentApi,
  type AgentProps,
  InferenceFleet,
  InferenceInstanceType,
  InferenceModel,
  ModelImage,
} from '../../../lib';
import { COMPONENTS_PER_AGENT, largeAgents } from './large-agents';

/** 100 autoscaled components on one fleet and 10 agents that call them: the components and agents in nested stacks. */
export class LargeSystem extends Stack {
  /** @param code of all agents */
  constructor(scope: Construct, id: string, code: Pick<AgentProps, 'code' | 'entry' | 'bundling'>) {
    super(scope, id);

    const fleet = new InferenceFleet(this, 'Gpu', {
      instanceTypes: [InferenceInstanceType.of('ml.g6.48xlarge')],
      minInstances: 0,
      maxInstances: 100,
      componentStacks: 4,
    });
    const weights = Bucket.fromBucketName(this, 'Weights', 'weights');
    const components = Array.from({ length: largeAgents.length * COMPONENTS_PER_AGENT }, (_, i) => {
      const component = fleet.addComponent(`Model${i}`, {
        model: InferenceModel.fromContainer({
          image: ModelImage.fromUri('763104351884.dkr.ecr.us-east-1.amazonaws.com/djl-inference:0.33.0'),
          artifact: { bucket: weights, key: `${i}/v1.tar.gz` },
        }),
        resources: { accelerators: 1, memoryMiB: 16_384 },
      });
      component.autoScaleCopies({ min: 0, max: 4, targetConcurrency: 8 });
      return component;
    });

    const agents = largeAgents.map((agent, i) => {
      const own = components.slice(i * COMPONENTS_PER_AGENT, (i + 1) * COMPONENTS_PER_AGENT);
      const made = new Agent(new NestedStack(this, `Agent${i}`), 'Agent', {
        graph: agent,
        components: Object.fromEntries(own.map((component, at) => [`model${i}-${at}`, component])),
        ...code,
      });
      made.dashboard();
      made.alarms();
      return made;
    });
    new AgentApi(this, 'Api', { agents });
  }
}
