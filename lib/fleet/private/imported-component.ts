import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { endpointNameInArn } from '../../private/endpoint-arn';
import type { InferenceComponentAttributes } from '../inference-component';
import { InferenceComponentBase } from '../inference-component-base';

/** A component that is made elsewhere. */
export class ImportedComponent extends InferenceComponentBase {
  public readonly inferenceComponentName: string;
  public readonly inferenceComponentArn: string;
  public readonly endpointName: string;
  public readonly endpointArn: string;

  constructor(scope: Construct, id: string, { inferenceComponentName, endpointName }: InferenceComponentAttributes) {
    super(scope, id);
    this.inferenceComponentName = inferenceComponentName;
    this.endpointName = endpointName;
    const arn = (resource: string, resourceName: string) =>
      Stack.of(this).formatArn({ service: 'sagemaker', resource, resourceName });
    this.inferenceComponentArn = arn('inference-component', inferenceComponentName);
    this.endpointArn = arn('endpoint', endpointNameInArn(endpointName));
  }
}
