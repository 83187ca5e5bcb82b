import { App, type AppProps } from 'aws-cdk-lib';
import cdkJson from '../../../cdk.json';
import { addExamples } from '../../../examples/stacks';
import { REGION } from '../../support/resolve-template';

/** The context of `cdk.json`, so that built-in validation fails on errors; the code of functions is not bundled. */
export const CONTEXT = { ...cdkJson.context, 'aws:cdk:bundling-stacks': [] };

/** The app of `bin/app.ts`. */
export function exampleApp(props: AppProps = {}) {
  const app = new App({ context: CONTEXT, ...props });
  return { app, ...addExamples(app, { region: REGION }) };
}
