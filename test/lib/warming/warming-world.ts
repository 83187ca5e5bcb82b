import { App, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { graph, model, tool } from 'cdk-compound-inference/graph';
import { z } from 'zod';
import {
  Agent,
  type AgentObjective,
  ImportedModel,
  type InferenceComponent,
  InferenceFleet,
  InferenceInstanceType,
  LambdaTool,
} from '../../../lib';
import { Prewarming } from '../../../lib/warming/prewarming';
import type { PrewarmingOptions } from '../../../lib/warming/prewarming-props';
import { containerModel } from '../fleet/component-world';

const any = z.object({});
const writer = model('writer');

export const support = graph('support', { input: any })
  .node('plan', { call: model('planner'), input: () => 'Plan' })
  .node('found', ['plan'], { call: tool('search', { input: any, output: any }), input: () => ({}) })
  .node('deep', ['plan'], { call: writer, input: () => 'Think', when: ({ plan }) => plan.text !== '' })
  .node('answer', ['found', 'deep'], { call: writer, input: () => 'Answer' })
  .output(({ answer }) => answer.text);

export const CODE = Code.fromInline('exports.handler = async () => ({});');

export interface WorldOptions {
  readonly app?: App;
  readonly instanceType?: InferenceInstanceType;
  readonly minInstances?: number;
  readonly objective?: AgentObjective;
}

/** An agent with a model on a fleet that scales to zero, an imported model, and a function. */
export class WarmingWorld {
  readonly stack: Stack;
  readonly weights: Bucket;
  readonly fleet: InferenceFleet;
  readonly planner: InferenceComponent;
  readonly writer: ImportedModel;
  readonly search: LambdaTool;
  readonly agent: Agent<typeof support>;

  constructor({
    app,
    instanceType = InferenceInstanceType.G6_12XLARGE,
    minInstances = 0,
    objective,
  }: WorldOptions = {}) {
    this.stack = new Stack(app ?? new App({ context: STRICT }), 'Test', {
      env: { account: '123456789012', region: 'us-east-1' },
    });
    this.fleet = new InferenceFleet(this.stack, 'Gpu', {
      instanceTypes: [instanceType],
      minInstances,
      maxInstances: 4,
    });
    this.planner = this.fleet.addComponent('Planner', {
      model: containerModel(),
      resources: { accelerators: 1, cpuCores: 8, memoryMiB: 32 * 1024 },
    });
    this.planner.autoScaleCopies({ min: 0, max: 6, targetConcurrency: 8 });
    this.weights = new Bucket(this.stack, 'Weights');
    this.writer = new ImportedModel(this.stack, 'Writer', {
      weights: { bucket: this.weights, prefix: 'writer/v1' },
    });
    const fn = new LambdaFunction(this.stack, 'Search', {
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: CODE,
    });
    this.search = LambdaTool.fromFunction(fn);
    this.agent = new Agent(this.stack, 'Support', {
      graph: support,
      code: CODE,
      components: { planner: this.planner, writer: this.writer, search: this.search },
      ...(objective && { objective }),
    });
  }
}

const STRICT = { '@aws-cdk/core:validateAgainstDefaultRules': true };

export function prewarm(world: WarmingWorld, options: Partial<PrewarmingOptions> = {}): Prewarming {
  const components = [{ component: world.writer, customModelUnits: 2 }];
  return new Prewarming(world.stack, 'Prewarming', {
    agents: [world.agent],
    monthlyBudget: 300,
    components,
    ...options,
  });
}
