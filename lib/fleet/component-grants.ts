import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { arnInEachCase } from '../private/endpoint-arn';
import { INVOKE_ENDPOINT, INVOKE_ENDPOINT_STREAMED } from '../private/invoke-perms';
import type { IInferenceComponent } from './inference-component-ref';

/** Permissions on an inference component. */
export class InferenceComponentGrants {
  public static fromInferenceComponent(component: IInferenceComponent): InferenceComponentGrants {
    return new InferenceComponentGrants(component);
  }

  private constructor(private readonly component: IInferenceComponent) {}

  /**
   * Permits to call the component, for whole answers.
   *
   * IAM knows no condition on the component of a call. It authorizes each call against the endpoint and, because the call names a
   * component, against that component too: so both are granted, and nothing else on the endpoint.
   *
   * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
   */
  public invoke(grantee: IGrantable): Grant {
    return this.grant(grantee, INVOKE_ENDPOINT);
  }

  /** Permits to call the component for answers that stream, and for whole ones. */
  public invokeStreamed(grantee: IGrantable): Grant {
    return this.grant(grantee, INVOKE_ENDPOINT_STREAMED);
  }

  private grant(grantee: IGrantable, actions: string[]): Grant {
    const { endpointArn, inferenceComponentArn } = this.component;
    const resourceArns = [endpointArn, inferenceComponentArn].flatMap(arnInEachCase);
    return Grant.addToPrincipal({ grantee, actions, resourceArns });
  }
}
