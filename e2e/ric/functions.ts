import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Process } from '../processes';
import { ROOT } from '../steps';

/** A function as a deployment of the stack would create it. */
export interface DeployableFunction {
  readonly logicalId: string;
  /** As in `index.handler`. */
  readonly handler: string;
  /** Folder with its code. */
  readonly code: string;
}

/** A template, as far as it is read here. */
interface Template {
  readonly Resources: Readonly<
    Record<
      string,
      {
        readonly Type: string;
        readonly Properties: { readonly Handler: string };
        readonly Metadata?: { readonly 'aws:asset:path'?: string };
      }
    >
  >;
}

const LIMIT_MS = 60_000;

/** The functions of the stack that is deployed, from its template and its assets. */
export async function synthesizeFunctions(folder: string, log: string): Promise<readonly DeployableFunction[]> {
  const { context } = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8'));
  const app = new Process({
    command: process.execPath,
    args: ['--conditions=source', '--import', 'tsx', join('e2e', 'app.ts')],
    cwd: ROOT,
    // What the CDK command line tells an app.
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? folder,
      CDK_OUTDIR: folder,
      CDK_CONTEXT_JSON: JSON.stringify({ ...context, 'aws:cdk:enable-asset-metadata': true }),
    },
    log,
  });
  if ((await app.end(LIMIT_MS)) !== 0) throw new Error(`the app cannot be synthesized:\n${app.stderr.slice(-2_000)}`);

  const template: Template = JSON.parse(readFileSync(join(folder, 'E2e.template.json'), 'utf8'));
  return Object.entries(template.Resources).flatMap(([logicalId, { Type, Properties, Metadata }]) => {
    const asset = Metadata?.['aws:asset:path'];
    if (Type !== 'AWS::Lambda::Function' || asset === undefined) return [];
    return [{ logicalId, handler: Properties.Handler, code: join(folder, asset) }];
  });
}
