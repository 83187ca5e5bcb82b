import { NestedStack, Stack } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { graph, model } from 'cdk-compound-inference/graph';
import type { Construct } from 'constructs';
import * as z from 'zod';
import {
  Agent,
  AgentApi,
  InferenceComponent,
  InferenceFleet,
  InferenceInstanceType,
  InferenceModel,
  ModelImage,
} from '../../../lib';

const AGENTS = 10;
const COMPONENTS_PER_AGENT = 10;

/** Of an autoscaled component at most 6 resources, and a stack holds 500: so many fit into one beside what they need. */
const COMPONENTS_PER_STACK = 25;

/** 100 autoscaled components on one fleet and 10 agents that call them: the components and agents in nested stacks. */
export class LargeSystem extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);

    const fleet = new InferenceFleet(this, 'Gpu', {
      instanceTypes: [InferenceInstanceType.of('ml.g6.48xlarge')],
      minInstances: 0,
      maxInstances: 100,
    });
    const weights = Bucket.fromBucketName(this, 'Weights', 'weights');
    const groups = Array.from(
      { length: (AGENTS * COMPONENTS_PER_AGENT) / COMPONENTS_PER_STACK },
      (_, i) => new NestedStack(this, `Models${i}`),
    );
    const components = Array.from({ length: AGENTS * COMPONENTS_PER_AGENT }, (_, i) => {
      const component = new InferenceComponent(groups[Math.floor(i / COMPONENTS_PER_STACK)]!, `Model${i}`, {
        fleet,
        model: InferenceModel.fromContainer({
          image: ModelImage.fromUri('763104351884.dkr.ecr.us-east-1.amazonaws.com/djl-inference:0.33.0'),
          artifact: { bucket: weights, key: `${i}/v1.tar.gz` },
        }),
        resources: { accelerators: 1, memoryMiB: 16_384 },
      });
      component.autoScaleCopies({ min: 0, max: 4, targetConcurrency: 8 });
      return component;
    });

    const agents = Array.from({ length: AGENTS }, (_, agent) => {
      const own = components.slice(agent * COMPONENTS_PER_AGENT, (agent + 1) * COMPONENTS_PER_AGENT);
      const made = new Agent(new NestedStack(this, `Agent${agent}`), 'Agent', {
        graph: chainOf(agent, own.length),
        code: Code.fromInline('exports.handler = async () => ({});'),
        components: Object.fromEntries(own.map((component, i) => [`model${i}`, component])),
      });
      made.dashboard();
      made.alarms();
      return made;
    });
    new AgentApi(this, 'Api', { agents });
  }
}

/** An agent that calls its models one after another. */
function chainOf(agent: number, length: number) {
  let builder: any = graph(`agent${agent}`, { input: z.object({ text: z.string() }) });
  for (let i = 0; i < length; i++) {
    builder = builder.node(`n${i}`, i === 0 ? [] : [`n${i - 1}`], { call: model(`model${i}`), input: () => 'Go on' });
  }
  return builder.output([`n${length - 1}`], () => 'done');
}
