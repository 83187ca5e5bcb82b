import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Architecture, type ILayerVersion, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

export interface ToolFunctionProps {
  /** The module that exports `handler`. */
  readonly entry: string;
  readonly layers?: ILayerVersion[];
  readonly environment?: Record<string, string>;
}

/** The Lambda function behind a tool or a retriever of the examples. */
export class ToolFunction extends Construct {
  readonly function: NodejsFunction;

  constructor(scope: Construct, id: string, props: ToolFunctionProps) {
    super(scope, id);
    this.function = new NodejsFunction(this, 'Function', {
      ...props,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 1024,
      timeout: Duration.seconds(15),
      tracing: Tracing.ACTIVE,
      // The corpus of the support agent comes in a layer; only outside Lambda is it looked up in the package.
      bundling: { minify: true, externalModules: ['aws-cdk-lib'] },
      logGroup: new LogGroup(this, 'Logs', {
        retention: RetentionDays.ONE_MONTH,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
    });
  }
}
