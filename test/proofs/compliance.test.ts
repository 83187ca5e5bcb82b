import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { InferenceFleet, InferenceInstanceType } from 'cdk-compound-inference';
import { realisticFleet } from '../lib/fleet/realistic-fleet';
import { EveryBindingStack } from './support/every-binding';
import { CONTEXT, exampleApp } from './support/example-app';
import { type Finding, findingsIn, staleAcknowledgements, withdrawAcknowledgements } from './support/nag';

// Off in other tests.
process.env.CDK_VALIDATION = 'true';

interface Report {
  readonly pluginReports: readonly {
    readonly violations: readonly {
      readonly ruleName: string;
      readonly violatingConstructs: readonly { readonly constructPath: string }[];
    }[];
  }[];
}

let outdir: string;
let app: App;

beforeAll(() => {
  outdir = mkdtempSync(join(tmpdir(), 'compliance-'));
  ({ app } = exampleApp({ outdir }));
});

afterAll(() => rmSync(outdir, { recursive: true }));

test('the stacks of the examples are valid, and warn of their bill and of nothing else', () => {
  // Lets synthesis throw on what CloudFormation would refuse.
  expect(CONTEXT).toHaveProperty(['@aws-cdk/core:validateAgainstDefaultRules'], true);
  const warnings = jest.spyOn(console, 'error').mockReturnValue();
  app.synth();
  warnings.mockRestore();
  const { pluginReports }: Report = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
  const reported = pluginReports.flatMap(({ violations }) =>
    violations.flatMap(({ ruleName, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath }) => `${constructPath}: ${ruleName}`),
    ),
  );
  expect(reported).toEqual(
    ['SupportAgent', 'CodeReview', 'ResearchAgent', 'StaticBaseline'].map(
      (stack) => `${stack}/Gpu: Annotation::cdk-compound-inference:fleet/bills-instances`,
    ),
  );
});

test('a realistic fleet passes the built-in validator', () => {
  const fleetApp = new App({ context: { '@aws-cdk/core:validateAgainstDefaultRules': true } });
  realisticFleet(fleetApp);
  /** Where the validator prints findings that are no errors. */
  const complaints = jest.spyOn(console, 'error').mockReturnValue();
  fleetApp.synth();
  expect(complaints).not.toHaveBeenCalled();
  complaints.mockRestore();
});

describe('the packs AwsSolutions, Serverless and NIST 800-53 R5', () => {
  let open: Finding[];
  let acknowledged: Finding[];
  let all: Finding[];

  beforeAll(() => {
    open = findingsIn(app);
    acknowledged = withdrawAcknowledgements(app);
    all = findingsIn(app);
  });

  test('find nothing that is not acknowledged with a reason', () => {
    expect(open).toEqual([]);
  });

  test('find everything that is acknowledged', () => {
    expect(staleAcknowledgements(acknowledged, all)).toEqual([]);
  });

  test('do look at the stacks', () => {
    expect(all).toContainEqual({ path: 'SupportAgent/Gpu/Config', id: expect.stringContaining('KMSKeyConfigured') });
    expect(all).toContainEqual({ path: 'CodeReview/Review/Function/Resource', id: 'Serverless-LambdaDLQ' });
    expect(all).toContainEqual({
      path: 'StaticBaseline/Api/Resource/DeploymentStage.prod/Resource',
      id: 'AwsSolutions-APIG3',
    });
  });

  test('still find what a fleet does not acknowledge for its user', () => {
    const stack = new Stack(new App(), 'Fleet');
    const facts = { accelerators: 1, memoryGiB: 128, vcpus: 32, hasNvme: false };
    const type = InferenceInstanceType.of('ml.inf2.8xlarge', facts);
    const fleet = new InferenceFleet(stack, 'Gpu', { instanceTypes: [type], maxInstances: 1 });
    fleet.role.addToPrincipalPolicy(new PolicyStatement({ actions: ['s3:GetObject'], resources: ['*'] }));
    expect(findingsIn(stack)).toEqual(
      expect.arrayContaining([
        { path: 'Fleet/Gpu/Config', id: 'NIST.800.53.R5-SageMakerEndpointConfigurationKMSKeyConfigured' },
        { path: 'Fleet/Gpu/Role/DefaultPolicy/Resource', id: 'AwsSolutions-IAM5[Resource::*]' },
      ]),
    );
  });

  test('need no rotation of a secret with the configuration of an agent', () => {
    const { node } = new EveryBindingStack(new App({ context: CONTEXT }), 'EveryBinding', 'http://10.0.0.7');
    expect(findingsIn(node.findChild('Agent').node.findChild('Config'))).toEqual([
      { path: 'EveryBinding/Agent/Config/Secret/Resource', id: 'NIST.800.53.R5-SecretsManagerUsingKMSKey' },
    ]);
  });

  test('would find what is new', () => {
    expect(findingsIn(new Topic(app.node.findChild('SupportAgent'), 'News'))).toContainEqual({
      path: 'SupportAgent/News/Resource',
      id: 'AwsSolutions-SNS3',
    });
  });

  test('would find an acknowledgement whose finding is gone', () => {
    const stack = app.node.findChild('CodeReview');
    Validations.of(stack).acknowledge({ id: 'AwsSolutions-SQS3', reason: 'there was a queue' });
    const outlived = withdrawAcknowledgements(stack);
    expect(staleAcknowledgements(outlived, all)).toEqual([{ path: 'CodeReview', id: 'AwsSolutions-SQS3' }]);
  });
});
