import { Arn, type ArnComponents, ArnFormat, Aws } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Binding } from '../../core/graph/binding';
import type { ComponentBindOptions, IComponent } from '../component';
import { assertConfiguration, type Report } from '../private/checks';
import { arnInEachCase, checkEndpointName } from '../private/endpoint-arn';
import { INVOKE_ENDPOINT, INVOKE_ENDPOINT_STREAMED } from '../private/invoke-perms';
import { checkSageMakerName } from '../private/sagemaker-name';
import { checkShape } from '../private/shape';
import type { BindingOptions, RegionalBindingOptions } from './binding-options';
import { checkFormat } from './private/format-checks';
import { regionElsewhere } from './private/region';
import { ENDPOINT } from './private/shapes';

/** What may be said of an endpoint that exists already. */
export interface SageMakerEndpointOptions extends RegionalBindingOptions {
  /**
   * The inference component to call.
   *
   * @default - the endpoint hosts one model, and no inference components
   */
  readonly inferenceComponentName?: string;
}

/** An endpoint of which all is known. */
export interface SageMakerEndpointAttributes extends BindingOptions {
  /** As it was given at creation: calls must match its case. */
  readonly endpointName: string;
  /** As SageMaker gives it. */
  readonly endpointArn: string;
  /**
   * The inference component to call.
   *
   * @default - the endpoint hosts one model, and no inference components
   */
  readonly inferenceComponentName?: string;
}

/** A SageMaker endpoint that this library did not make, or one inference component on it. */
export class SageMakerEndpoint implements IComponent {
  /** An endpoint by its name. One whose name is known only at deployment needs `fromEndpointAttributes`. */
  public static fromEndpointName(endpointName: string, options: SageMakerEndpointOptions = {}): SageMakerEndpoint {
    const { region = Aws.REGION, ...others } = options;
    return new SageMakerEndpoint(
      {
        ...others,
        endpointName,
        endpointArn: Arn.format({
          partition: Aws.PARTITION,
          service: 'sagemaker',
          region,
          account: Aws.ACCOUNT_ID,
          resource: 'endpoint',
          resourceName: endpointName,
        }),
      },
      (report) => {
        const remedy = 'use fromEndpointAttributes, with the ARN that the same resource has';
        checkEndpointName('binding/endpoint-name-late', endpointName, remedy, report);
      },
    );
  }

  /** An endpoint by its name and ARN, such as one that the same app makes. */
  public static fromEndpointAttributes(attributes: SageMakerEndpointAttributes): SageMakerEndpoint {
    return new SageMakerEndpoint(attributes, () => {});
  }

  /** Permits others to call it. */
  public readonly grants: SageMakerEndpointGrants;

  private readonly arn: ArnComponents;

  private constructor(
    private readonly attributes: SageMakerEndpointAttributes,
    private readonly check: (report: Report) => void,
  ) {
    const { endpointArn, inferenceComponentName } = attributes;
    this.arn = Arn.split(endpointArn, ArnFormat.SLASH_RESOURCE_NAME);
    const componentArn = (resourceName: string) =>
      Arn.format({ ...this.arn, resource: 'inference-component', resourceName });
    const arns = [endpointArn, ...(inferenceComponentName === undefined ? [] : [componentArn(inferenceComponentName)])];
    this.grants = SageMakerEndpointGrants.fromArns(arns.flatMap(arnInEachCase));
  }

  public bind({ scope, grantee, component, isStreamed }: ComponentBindOptions): Binding {
    const { endpointName, inferenceComponentName, price } = this.attributes;
    assertConfiguration(scope, (report) => {
      checkFormat(component, 'sagemaker', report);
      if (!checkShape('binding', '', this.attributes, ENDPOINT, report)) return;
      this.check(report);
      checkSageMakerName('binding/name', 'endpointName', endpointName, report);
      checkSageMakerName('binding/name', 'inferenceComponentName', inferenceComponentName, report);
    });
    if (isStreamed) this.grants.invokeStreamed(grantee);
    else this.grants.invoke(grantee);
    return {
      type: 'sagemaker',
      endpointName,
      ...(inferenceComponentName !== undefined && { inferenceComponentName }),
      ...regionElsewhere(scope, this.arn.region),
      ...(price && { price }),
    };
  }
}

/** Permissions on a SageMaker endpoint. */
export class SageMakerEndpointGrants {
  /** Those on the endpoint, and on an inference component if one is called. */
  public static fromArns(resourceArns: string[]): SageMakerEndpointGrants {
    return new SageMakerEndpointGrants(resourceArns);
  }

  private constructor(private readonly resourceArns: string[]) {}

  /** Permits to call the model, for whole answers. */
  public invoke(grantee: IGrantable): Grant {
    return this.grant(grantee, INVOKE_ENDPOINT);
  }

  /** Permits to call the model for answers that stream, and for whole ones. */
  public invokeStreamed(grantee: IGrantable): Grant {
    return this.grant(grantee, INVOKE_ENDPOINT_STREAMED);
  }

  private grant(grantee: IGrantable, actions: string[]): Grant {
    return Grant.addToPrincipal({ grantee, actions, resourceArns: this.resourceArns });
  }
}
