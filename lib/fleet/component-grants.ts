import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { INVOKE_ENDPOINT } from '../private/invoke-perms';
import type { IInferenceComponent } from './inference-component-ref';

/** Permissions on an inference component. */
export class InferenceComponentGrants {
  public static fromInferenceComponent(component: IInferenceComponent): InferenceComponentGrants {
    return new InferenceComponentGrants(component);
  }

  private constructor(private readonly component: IInferenceComponent) {}

  /**
   * Permits to call the component.
   *
   * IAM knows no condition on the component of a call. It authorizes each call against the endpoint and, because the call names a
   * component, against that component too: so both are granted, and nothing else on the endpoint.
   *
   * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
   */
  public invoke(grantee: IGrantable): Grant {
    const { endpointArn, inferenceComponentArn } = this.component;
    return Grant.addToPrincipal({
      grantee,
      actions: INVOKE_ENDPOINT,
      resourceArns: [endpointArn, inferenceComponentArn],
    });
  }
}
