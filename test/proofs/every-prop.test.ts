import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { EveryPropStack } from './support/every-prop';
import { acknowledgeEveryProp } from './support/every-prop-acknowledgements';
import { CONTEXT } from './support/example-app';
import { findingsIn, staleAcknowledgements, withdrawAcknowledgements } from './support/nag';

// Off in other tests.
process.env.CDK_VALIDATION = 'true';

let outdir: string;
let app: App;

beforeAll(() => {
  outdir = mkdtempSync(join(tmpdir(), 'every-prop-'));
  // Lets synthesis throw on what CloudFormation would refuse.
  expect(CONTEXT).toHaveProperty(['@aws-cdk/core:validateAgainstDefaultRules'], true);
  app = new App({ context: CONTEXT, outdir });
  acknowledgeEveryProp(new EveryPropStack(app, 'Every'));
});

afterAll(() => rmSync(outdir, { recursive: true }));

describe('a stack with every property of every construct', () => {
  test('is valid, and warns of its bill and of what anybody may call', () => {
    const warnings = jest.spyOn(console, 'error').mockReturnValue();
    app.synth();
    warnings.mockRestore();
    const { pluginReports } = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
    const reported = pluginReports.flatMap(({ violations }: any) =>
      violations.flatMap(({ ruleName, violatingConstructs }: any) =>
        violatingConstructs.map(({ constructPath }: any) => `${constructPath}: ${ruleName}`),
      ),
    );
    expect(reported.toSorted()).toEqual([
      'Every/Iam: Annotation::cdk-compound-inference:api/overrides-without-names',
      'Every/Keys: Annotation::cdk-compound-inference:api/overrides-without-names',
      'Every/Open: Annotation::cdk-compound-inference:api/open-to-the-internet',
      'Every/Open: Annotation::cdk-compound-inference:api/overrides-without-names',
      'Every/Reserved: Annotation::cdk-compound-inference:fleet/bills-instances',
      'Every/Several: Annotation::cdk-compound-inference:fleet/bills-instances',
      'Every/Users: Annotation::cdk-compound-inference:api/overrides-without-names',
    ]);
  });

  test('has no finding of the packs that is not acknowledged with a reason, and no reason without a finding', () => {
    expect(findingsIn(app)).toEqual([]);
    const acknowledged = withdrawAcknowledgements(app);
    const all = findingsIn(app);
    expect(staleAcknowledgements(acknowledged, all)).toEqual([]);
    expect(all).toContainEqual({ path: 'Every/Tokens/Jwt/Function/Resource', id: 'Serverless-LambdaTracing' });
  });
});
