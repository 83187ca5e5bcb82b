import { Arn, Lazy, Stack } from 'aws-cdk-lib';
import type { CfnInferenceComponent } from 'aws-cdk-lib/aws-sagemaker';
import { known } from '../../private/checks';
import type { IInferenceFleet } from '../fleet-ref';
import { InferenceComponentBase } from '../inference-component-base';
import { identify } from './identity';

/** A component that this app makes. */
export abstract class MadeComponent extends InferenceComponentBase {
  /** As the service knows it, with capitals if it has some, and without a reference to the component. Only in its own stack. */
  protected nameInStack = '';

  #metricsName = '';

  /**
   * Names the component.
   *
   * @param base name of the component that an adapter adapts
   * @returns name and ARN, as they are known in its own stack and in others
   */
  protected identify(resource: CfnInferenceComponent, fleet: IInferenceFleet, base?: string) {
    const kind = 'inference-component';
    const arnComponents = { service: 'sagemaker', resource: kind, resourceName: this.physicalName };
    const arn = this.getResourceArnAttribute(resource.attrInferenceComponentArn, arnComponents);
    this.nameInStack = identify(resource, { fleet, name: this.physicalName, ...(base !== undefined && { base }) });
    const read = this.getResourceNameAttribute(Arn.extractResourceName(resource.attrInferenceComponentArn, kind));
    const name = known(this.physicalName) ?? read;
    this.#metricsName = Lazy.uncachedString({
      produce: ({ scope }) => (Stack.of(scope) === this.stack ? this.nameInStack : name),
    });
    return { name, arn };
  }

  /** No reference to the component where none is needed: so that an alarm can exist before it. */
  protected override get metricsName(): string {
    return known(this.inferenceComponentName) ?? this.#metricsName;
  }
}
