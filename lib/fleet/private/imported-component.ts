import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Price } from '../../../core/graph/binding';
import { endpointNameInArn } from '../../private/endpoint-arn';
import type { InferenceComponentAttributes } from '../inference-component';
import { InferenceComponentBase } from '../inference-component-base';

/** A component that is made elsewhere. */
export class ImportedComponent extends InferenceComponentBase {
  public readonly inferenceComponentName: string;
  public readonly inferenceComponentArn: string;
  public readonly endpointName: string;
  public readonly endpointArn: string;

  readonly #price: Price | undefined;

  constructor(scope: Construct, id: string, attributes: InferenceComponentAttributes) {
    super(scope, id);
    const { inferenceComponentName, endpointName } = attributes;
    this.#price = attributes.price;
    this.inferenceComponentName = inferenceComponentName;
    this.endpointName = endpointName;
    const arn = (resource: string, resourceName: string) =>
      Stack.of(this).formatArn({ service: 'sagemaker', resource, resourceName });
    this.inferenceComponentArn = arn('inference-component', inferenceComponentName);
    this.endpointArn = arn('endpoint', endpointNameInArn(endpointName));
  }

  public override get price(): Price | undefined {
    return this.#price;
  }
}
