import { CfnResource, Token } from 'aws-cdk-lib';
import { CfnInferenceComponent } from 'aws-cdk-lib/aws-sagemaker';
import type { Construct } from 'constructs';
import type { Price } from '../../core/graph/binding';
import { assertConfiguration, show } from '../private/checks';
import { checkSageMakerName } from '../private/sagemaker-name';
import { checkShape, given } from '../private/shape';
import type { IInferenceFleet } from './fleet-ref';
import type { IInferenceComponent } from './inference-component-ref';
import { checkArtifact, grantReadArtifact, type ModelArtifact } from './model-artifact';
import { MadeComponent } from './private/made-component';
import { readerFor } from './private/reader';
import { ADAPTER } from './private/shapes';

/** What an adapter is, apart from what it adapts. */
export interface AdapterComponentOptions {
  /** The weights of the adapter. */
  readonly artifact: ModelArtifact;
  /**
   * Name of the adapter's component, unique in the account and Region: at most 63 letters, digits and hyphens.
   *
   * @default - one in lower case, which changes when the adapter is replaced
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
export class AdapterComponent extends MadeComponent {
  public readonly inferenceComponentName: string;
  public readonly inferenceComponentArn: string;
  public readonly endpointName: string;
  public readonly endpointArn: string;
  public readonly base: IInferenceComponent;
  public readonly fleet: IInferenceFleet;

  readonly #price: Price | undefined;

  constructor(scope: Construct, id: string, props: AdapterComponentProps) {
    super(scope, id, { physicalName: given(props).inferenceComponentName });
    assertConfiguration(this, (report) => {
      checkSageMakerName('component/name', 'inferenceComponentName', this.physicalName, report);
      const { resources, ...others }: Partial<AdapterComponentProps> & { readonly resources?: unknown } = given(props);
      if (resources !== undefined) {
        const message = 'must be left out: an adapter is served by the copies of its base, and reserves nothing itself';
        report('adapter/compute', 'resources', message);
      }
      if (!checkShape('adapter', '', others, ADAPTER, report)) return;
      const { artifact, base, fleet } = props;
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
    const { artifact, base, fleet } = props;
    this.base = base;
    this.#price = props.price;
    this.fleet = fleet;
    this.endpointName = fleet.endpointName;
    this.endpointArn = fleet.endpointArn;

    const resource = new CfnInferenceComponent(this, 'Resource', {
      endpointName: fleet.endpointName,
      specification: {
        baseInferenceComponentName: base.inferenceComponentName,
        container: { artifactUrl: artifact.bucket.s3UrlForObject(artifact.key) },
      },
    });
    const { arn, name } = this.identify(resource, fleet, base.inferenceComponentName);
    this.inferenceComponentArn = arn;
    this.inferenceComponentName = name;
    // A name that was chosen does not refer to the base.
    const made = base.node.defaultChild;
    if (!Token.isUnresolved(base.inferenceComponentName) && CfnResource.isCfnResource(made))
      resource.node.addDependency(made);
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
