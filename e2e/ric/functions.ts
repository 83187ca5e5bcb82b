import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { ACCOUNT, REGION } from '../account';
import { SupportStack } from '../stack';

/** A function as a deployment of the stack would create it. */
export interface DeployableFunction {
  readonly logicalId: string;
  /** As in `index.handler`. */
  readonly handler: string;
  readonly runtime: string;
  /** Folder with its code. */
  readonly code: string;
}

/** The functions of the stack that is deployed, from its template and its assets. */
export function synthesizeFunctions(folder: string): readonly DeployableFunction[] {
  const context = {
    ...JSON.parse(readFileSync(join(__dirname, '../../cdk.json'), 'utf8')).context,
    'aws:cdk:enable-asset-metadata': true,
  };
  const app = new App({ outdir: folder, context });
  const stack = new SupportStack(app, 'E2e', { env: { account: ACCOUNT, region: REGION }, weights: 'first/' });
  const { Resources } = app.synth().getStackByName(stack.stackName).template as {
    readonly Resources: Readonly<Record<string, any>>;
  };
  return Object.entries(Resources).flatMap(([logicalId, { Type, Properties, Metadata }]) => {
    const asset: string | undefined = Metadata?.['aws:asset:path'];
    if (Type !== 'AWS::Lambda::Function' || asset === undefined) return [];
    return [{ logicalId, handler: Properties.Handler, runtime: Properties.Runtime, code: join(folder, asset) }];
  });
}
