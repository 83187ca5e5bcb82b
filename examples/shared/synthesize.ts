import { App, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { Construct } from 'constructs';
import { context } from '../../cdk.json';
import type { ModelStoreProps } from './model-store';

/** Where the examples find their models unless somebody says otherwise. */
export const models: ModelStoreProps = context['compound:models'];

/**
 * The template of an example as the app makes it, without bundling code.
 *
 * Hashes of assets are masked: they change with every edit of the code.
 */
export function synthesize(make: (scope: Construct, env: { readonly region: string }) => Stack): object {
  const app = new App({ context: { ...context, 'aws:cdk:bundling-stacks': [] } });
  const template = Template.fromStack(make(app, { region: 'us-east-1' }));
  return JSON.parse(JSON.stringify(template.toJSON()).replaceAll(/[0-9a-f]{64}/g, '(hash)'));
}
