import { dirname, join } from 'node:path';
import { IgnoreMode } from 'aws-cdk-lib';
import { Code, LayerVersion } from 'aws-cdk-lib/aws-lambda';
import { type IComponent, LambdaTool } from 'cdk-compound-inference';
import { Construct } from 'constructs';
import { ToolFunction } from '../shared/tool-function';

/** The functions behind the retriever and the tool of the support agent, with the documentation they search in a layer. */
export class SupportTools extends Construct {
  readonly catalogue: IComponent;
  readonly search: IComponent;

  constructor(scope: Construct, id: string) {
    super(scope, id);

    const corpus = new LayerVersion(this, 'Corpus', {
      description: 'The README files of the AWS CDK',
      code: Code.fromAsset(dirname(require.resolve('aws-cdk-lib/package.json')), {
        exclude: ['*', '!README.md', '!/*/', '/*/*', '!/*/README.md'],
        ignoreMode: IgnoreMode.GIT,
      }),
    });
    const tool = (name: string) =>
      LambdaTool.fromFunction(
        new ToolFunction(this, name, {
          entry: join(__dirname, `${name}.ts`),
          layers: [corpus],
          environment: { CORPUS_DIR: '/opt' },
        }).function,
      );
    this.catalogue = tool('catalogue');
    this.search = tool('search');
  }
}
