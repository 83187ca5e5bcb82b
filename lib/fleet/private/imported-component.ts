import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Price } from '../../../core/graph/binding';
import { assertConfiguration } from '../../private/checks';
import { checkEndpointName } from '../../private/endpoint-arn';
import { checkSageMakerName } from '../../private/sagemaker-name';
import { checkShape } from '../../private/shape';
import type { InferenceComponentAttributes } from '../inference-component';
import { InferenceComponentBase } from '../inference-component-base';
import { EXISTING_COMPONENT } from './shapes';

/** A component that is made elsewhere. */
export class ImportedComponent extends InferenceComponentBase {
  public readonly inferenceComponentName: string;
  public readonly inferenceComponentArn: string;
  public readonly endpointName: string;
  public readonly endpointArn: string;

  readonly #price: Price | undefined;

  constructor(scope: Construct, id: string, attributes: InferenceComponentAttributes) {
    super(scope, id);
    assertConfiguration(this, (report) => {
      if (!checkShape('component', '', attributes, EXISTING_COMPONENT, report)) return;
      checkSageMakerName('component/name', 'inferenceComponentName', attributes.inferenceComponentName, report);
      checkSageMakerName('component/name', 'endpointName', attributes.endpointName, report);
      if (attributes.endpointArn) return;
      checkEndpointName('component/endpoint-name-late', attributes.endpointName, 'give its endpointArn, too', report);
    });
    const { inferenceComponentName, endpointName, endpointArn } = attributes;
    this.#price = attributes.price;
    this.inferenceComponentName = inferenceComponentName;
    this.endpointName = endpointName;
    const arn = (resource: string, resourceName: string) =>
      Stack.of(this).formatArn({ service: 'sagemaker', resource, resourceName });
    this.inferenceComponentArn = arn('inference-component', inferenceComponentName);
    this.endpointArn = endpointArn ?? arn('endpoint', endpointName);
  }

  public override get price(): Price | undefined {
    return this.#price;
  }
}
