import { dirname, join } from 'node:path';
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { AccountRootPrincipal, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import {
  Agent,
  AgentApi,
  ApiAuthorization,
  ImportedModel,
  LambdaTool,
  SageMakerEndpoint,
} from 'cdk-compound-inference';
import type { Construct } from 'constructs';
import { ToolFunction } from '../examples/shared/tool-function';
import { support } from '../examples/support-agent/agent';
import { AUDIENCE } from './audience';
import { wide } from './wide-agent';

export interface SupportStackProps extends StackProps {
  /** Folder of the bucket with the weights of the writer. */
  readonly weights: string;
  /** Who signs the tokens of tenants. */
  readonly issuer: string;
}

const EXAMPLE = join(__dirname, '..', 'examples', 'support-agent');

/** The support agent, with its models on an endpoint that is there already, and its writer imported into Bedrock. */
export class SupportStack extends Stack {
  constructor(scope: Construct, id: string, props: SupportStackProps) {
    super(scope, id, props);

    const onEndpoint = (inferenceComponentName: string) =>
      SageMakerEndpoint.fromEndpointName('support', { inferenceComponentName });
    const tool = (name: string) =>
      LambdaTool.fromFunction(
        new ToolFunction(this, name, {
          entry: join(EXAMPLE, `${name}.ts`),
          // The example has it in a layer; an emulator without containers cannot mount one.
          environment: { CORPUS_DIR: dirname(require.resolve('aws-cdk-lib/package.json')) },
        }).function,
      );
    const catalogue = tool('catalogue');
    const weights = Bucket.fromBucketName(this, 'Weights', 'support-weights');

    const agent = new Agent(this, 'Support', {
      graph: support,
      entry: join(EXAMPLE, 'agent.ts'),
      bundling: { conditions: ['source'] },
      components: {
        planner: onEndpoint('support-planner'),
        selector: onEndpoint('support-selector'),
        writer: new ImportedModel(this, 'Writer', { weights: { bucket: weights, prefix: props.weights } }),
        search: tool('search'),
        catalogue,
      },
    });
    const wideAgent = new Agent(this, 'Wide', {
      graph: wide,
      entry: join(__dirname, 'wide-agent.ts'),
      bundling: { conditions: ['source'] },
      components: Object.fromEntries(wide.components().map(({ name }) => [name, catalogue])),
      // One run for each tenant, and the next in hours.
      tenantLimits: { throttling: { rateLimit: 0.0001, burstLimit: 1 } },
    });
    // The reference that the agent permits to read is the ARN of its secret on AWS, and the name on the emulator.
    const actions = ['secretsmanager:GetSecretValue'];
    wideAgent.function.addToRolePolicy(new PolicyStatement({ actions, resources: ['*'] }));
    agent.dashboard();
    const api = new AgentApi(this, 'Api', { agents: [agent, wideAgent] });

    const tenants = new AgentApi(this, 'Tenants', {
      agents: [wideAgent],
      authorization: ApiAuthorization.jwt({ issuer: props.issuer, audience: [AUDIENCE], tenantClaim: 'tenant' }),
      accountLogRole: false,
    });

    const caller = new Role(this, 'Caller', { assumedBy: new AccountRootPrincipal() });
    api.grants.invoke(caller);
    const stranger = new Role(this, 'Stranger', { assumedBy: new AccountRootPrincipal() });

    new CfnOutput(this, 'Url', { value: api.url });
    new CfnOutput(this, 'TenantUrl', { value: tenants.url });
    new CfnOutput(this, 'CallerArn', { value: caller.roleArn });
    new CfnOutput(this, 'StrangerArn', { value: stranger.roleArn });
    new CfnOutput(this, 'LogGroup', { value: agent.function.logGroup.logGroupName });
  }
}
