import { Token } from 'aws-cdk-lib';
import { CfnInferenceComponent } from 'aws-cdk-lib/aws-sagemaker';
import type { Construct } from 'constructs';
import type { Price } from '../../core/graph/binding';
import { assertConfiguration, show } from '../private/checks';
import { checkRequired } from '../private/required';
import type { IInferenceFleet } from './fleet-ref';
import { InferenceComponentBase } from './inference-component-base';
import type { IInferenceComponent } from './inference-component-ref';
import { checkArtifact, grantReadArtifact, type ModelArtifact } from './model-artifact';
import { checkName } from './private/component-checks';
import { replaceOnChange } from './private/identity';
import { readerFor } from './private/reader';

/** What an adapter is, apart from what it adapts. */
export interface AdapterComponentOptions {
  /** The weights of the adapter. */
  readonly artifact: ModelArtifact;
  /**
   * Name of the adapter's component, unique in the account and Region: at most 63 letters, digits and hyphens.
   *
   * @default - CloudFormation makes one, so that the adapter can be replaced
   */
  readonly inferenceComponentName?: string;
  /**
   * What its calls cost, so that runs report their cost.
   *
   * @default - as calls of the base, whose copies serve it
   */
  readonly price?: Price;
}

/** Properties of an `AdapterComponent`. */
export interface AdapterComponentProps extends AdapterComponentOptions {
  /** The component whose model is adapted. */
  readonly base: IInferenceComponent;
  /** The fleet that hosts the base. */
  readonly fleet: IInferenceFleet;
}

/**
 * A LoRA adapter of the model that another component serves.
 *
 * Callers see a component like any other. It is served by the copies of its base, scales with them, and reserves nothing itself.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-adapt.html
 */
export class AdapterComponent extends InferenceComponentBase {
  public readonly inferenceComponentName: string;
  public readonly inferenceComponentArn: string;
  public readonly endpointName: string;
  public readonly endpointArn: string;
  public readonly base: IInferenceComponent;
  public readonly fleet: IInferenceFleet;

  readonly #price: Price | undefined;

  constructor(scope: Construct, id: string, props: AdapterComponentProps) {
    super(scope, id, { physicalName: props.inferenceComponentName });
    const { artifact, base, fleet } = props;
    assertConfiguration(this, (report) => {
      checkName(report, this.physicalName);
      if (!checkRequired('adapter/missing', '', props, ['artifact', 'base', 'fleet'], report)) return;
      checkArtifact(report, 'artifact', artifact);
      if (base instanceof AdapterComponent) {
        report(
          'adapter/base-is-adapter',
          'base',
          `must not be an adapter itself: adapt ${base.base.node.path} instead`,
        );
      }
      if (isElsewhere(base, fleet)) {
        report(
          'adapter/other-fleet',
          'base',
          `must be on the adapter's fleet (endpoint ${show(fleet.endpointName)}), got one on endpoint ${show(base.endpointName)}`,
        );
      }
    });
    this.base = base;
    this.#price = props.price;
    this.fleet = fleet;
    this.endpointName = fleet.endpointName;
    this.endpointArn = fleet.endpointArn;

    const resource = new CfnInferenceComponent(this, 'Resource', {
      inferenceComponentName: this.physicalName,
      endpointName: fleet.endpointName,
      specification: {
        baseInferenceComponentName: base.inferenceComponentName,
        container: { artifactUrl: artifact.bucket.s3UrlForObject(artifact.key) },
      },
    });
    replaceOnChange(resource, { fleet, name: this.physicalName, base: base.inferenceComponentName });
    const { arn, name } = this.attributesOf(resource);
    this.inferenceComponentArn = arn;
    this.inferenceComponentName = name;
    if (fleet.role) {
      for (const grant of grantReadArtifact(artifact, readerFor(this, fleet.role))) grant.applyBefore(resource);
    }
  }

  public override get price(): Price | undefined {
    return this.#price ?? this.base.price;
  }
}

function isElsewhere(base: IInferenceComponent, fleet: IInferenceFleet): boolean {
  const comparable = base.fleet !== undefined || !Token.isUnresolved([base.endpointName, fleet.endpointName]);
  return comparable && base.endpointName !== fleet.endpointName;
}
