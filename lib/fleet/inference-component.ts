import { type Duration, Lazy } from 'aws-cdk-lib';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnInferenceComponent } from 'aws-cdk-lib/aws-sagemaker';
import type { Construct } from 'constructs';
import type { Price } from '../../core/graph/binding';
import { PRICES_AS_OF, sourceText } from '../../core/serving/prices-as-of';
import { assertConfiguration, checkAtSynthesis, known } from '../private/checks';
import { checkSageMakerName } from '../private/sagemaker-name';
import { given } from '../private/shape';
import { type CopyScalingOptions, ScalableCopies } from '../scaling/scalable-copies';
import { AdapterComponent, type AdapterComponentOptions } from './adapter-component';
import type { CopyPlacement } from './copy-placement';
import type { CopyResources, FleetMember, IInferenceFleet } from './fleet-ref';
import type { IInferenceComponent } from './inference-component-ref';
import type { InferenceModel } from './inference-model';
import { checkBatchShare } from './private/batch-checks';
import { checkComponent } from './private/component-checks';
import { copyPricePerHourUsd } from './private/copy-price';
import { ImportedComponent } from './private/imported-component';
import { MadeComponent } from './private/made-component';
import { readerFor } from './private/reader';
import { checkRollbackAlarms, checkRollbackCycles } from './private/rollback-checks';
import { renderSpecification } from './private/specification';
import { type RollingUpdate, renderRollingUpdate } from './rolling-update';

/** What an inference component is, apart from where it runs. */
export interface InferenceComponentOptions {
  /** What it runs. */
  readonly model: InferenceModel;
  /** What each copy reserves. On a fleet with several instance types it is the same on all of them. */
  readonly resources: CopyResources;
  /**
   * Copies to begin with, at least 1: SageMaker creates no component without copies, so a first deployment always bills instances.
   *
   * With `autoScaleCopies` the count is a start only. A deployment that changes the component itself, as with a new image, may set it again,
   * because CloudFormation sends a changed resource as a whole; scaling goes on from there. Raise it before such a deployment under load.
   * A deployment that changes only other things leaves the copies as they are.
   *
   * @default - the minimum of `autoScaleCopies`, at least 1
   */
  readonly initialCopies?: number;
  /**
   * Name of the component, unique in the account and Region: at most 63 letters, digits and hyphens, in lower case if it is known only
   * at deployment.
   *
   * A component that gets another fleet is replaced, and the new one is made first: give it a new name, too.
   *
   * @default - one in lower case, which changes when the component is replaced
   */
  readonly inferenceComponentName?: string;
  /**
   * Time to download and unpack the artifact, 1 minute to 1 hour.
   *
   * @default - SageMaker decides
   */
  readonly modelDownloadTimeout?: Duration;
  /**
   * Time from the start of the container until it answers health checks, 1 minute to 1 hour.
   *
   * @default - SageMaker decides
   */
  readonly healthCheckTimeout?: Duration;
  /**
   * Keeps image and artifact on instances that have run a copy, so that the next copy there starts sooner.
   *
   * @default - SageMaker decides
   */
  readonly dataCache?: boolean;
  /**
   * Where copies are placed.
   *
   * @default - SageMaker decides
   */
  readonly placement?: CopyPlacement;
  /**
   * How copies are replaced when what they run changes. `rollBackOn` adds alarms that stop it.
   *
   * @default - SageMaker decides
   */
  readonly rollingUpdate?: RollingUpdate;
  /**
   * What its calls cost, so that runs report their cost.
   *
   * @default - the time for which a copy works on them, among as many others as the `targetConcurrency` of `autoScaleCopies` says (1
   *   without), at the copy's share of the list price of the preferred instance type; nothing if that type or its price is not known
   */
  readonly price?: Price;
}

/** Properties of an `InferenceComponent`. */
export interface InferenceComponentProps extends InferenceComponentOptions {
  readonly fleet: IInferenceFleet;
}

/** An inference component that exists. */
export interface InferenceComponentAttributes {
  readonly inferenceComponentName: string;
  /** The endpoint that hosts it. */
  readonly endpointName: string;
  /**
   * As SageMaker gives it.
   *
   * @default - made of the name, which must then be known at synthesis
   */
  readonly endpointArn?: string;
  /**
   * What its calls cost, so that runs report their cost.
   *
   * @default - not known: calls count as free
   */
  readonly price?: Price;
}

/**
 * One model on a fleet, with as many copies of it as its load needs.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-deploy-models.html
 */
export class InferenceComponent extends MadeComponent implements FleetMember {
  /** A component that another stack or another tool made, in the account and Region of this one. */
  public static fromInferenceComponentAttributes(
    scope: Construct,
    id: string,
    attributes: InferenceComponentAttributes,
  ): IInferenceComponent {
    return new ImportedComponent(scope, id, attributes);
  }

  public readonly inferenceComponentName: string;
  public readonly inferenceComponentArn: string;
  public readonly endpointName: string;
  public readonly endpointArn: string;
  public readonly fleet: IInferenceFleet;
  public readonly resources: CopyResources;

  private readonly resource: CfnInferenceComponent;
  private readonly options: InferenceComponentOptions;
  private readonly rollbackAlarms: IAlarm[] = [];
  private scaling?: ScalableCopies;
  private defaultCopies = 1;

  constructor(scope: Construct, id: string, props: InferenceComponentProps) {
    super(scope, id, { physicalName: given(props).inferenceComponentName });
    assertConfiguration(this, (report) => {
      checkSageMakerName('component/name', 'inferenceComponentName', this.physicalName, report);
      checkComponent(report, props);
    });

    const { fleet } = props;
    this.fleet = fleet;
    this.resources = props.resources;
    this.options = props;
    this.endpointName = fleet.endpointName;
    this.endpointArn = fleet.endpointArn;

    const resource = new CfnInferenceComponent(this, 'Resource', {
      endpointName: fleet.endpointName,
      variantName: fleet.variantName,
      specification: renderSpecification(props),
      runtimeConfig: { copyCount: Lazy.number({ produce: () => this.initialCopies }) },
      deploymentConfig: Lazy.any({
        produce: () => props.rollingUpdate && renderRollingUpdate(props.rollingUpdate, this.rollbackAlarms),
      }),
    });
    const { arn, name } = this.identify(resource, fleet);
    this.inferenceComponentArn = arn;
    this.inferenceComponentName = name;
    this.resource = resource;

    // Without them the first copy cannot start; and they must outlive the last one.
    if (fleet.role) {
      for (const grant of props.model._grantRead(readerFor(this, fleet.role))) grant.applyBefore(resource);
    }

    fleet.attach(this);
    checkAtSynthesis(this, (report) => {
      checkRollbackCycles(report, this, this.rollbackAlarms);
      if (props.rollingUpdate) checkBatchShare(this, props.rollingUpdate, this, report);
    });
  }

  public override get price(): Price | undefined {
    const { fleet, options, resources } = this;
    const perCopyHourUsd = copyPricePerHourUsd(fleet.instanceTypes, resources);
    if (options.price !== undefined || perCopyHourUsd === undefined) return options.price;
    // Scaling may come after what is bound to the component.
    return {
      perCopyHourUsd,
      concurrencyPerCopy: Lazy.number({ produce: () => this.scaling?.targetConcurrency ?? 1 }),
      source: sourceText(PRICES_AS_OF.instances),
    };
  }

  /** Copies that the component is created with. */
  public get initialCopies(): number {
    return this.options.initialCopies ?? this.defaultCopies;
  }

  /** Fewest copies at any time. */
  public get minCopies(): number {
    return this.scaling?.minCopies ?? this.initialCopies;
  }

  /** The highest number of copies that are kept at any time, whatever the load. */
  public get highestMinCopies(): number {
    return this.scaling?.highestMinCopies ?? this.initialCopies;
  }

  /** Most copies at any time. */
  public get maxCopies(): number {
    return this.scaling?.maxCopies ?? this.initialCopies;
  }

  /**
   * What makes the number of copies follow the load.
   *
   * @default - nothing: the number is fixed
   */
  public get copyScaling(): ScalableCopies | undefined {
    return this.scaling;
  }

  /**
   * Lets the number of copies follow the requests that are in flight.
   *
   * @throws ConfigurationError at the second call
   */
  public autoScaleCopies(options: CopyScalingOptions): ScalableCopies {
    assertConfiguration(this, (report) => {
      if (this.scaling) {
        report('component/scaled-twice', 'autoScaleCopies', 'was called already: keep what the first call returned');
      }
    });
    const { initialCopies } = this.options;
    const inferenceComponentName = this.nameInStack;
    this.scaling = new ScalableCopies(this, 'Scaling', { ...options, inferenceComponentName, initialCopies });
    // The name does not refer to the component.
    this.scaling.node.addDependency(this.resource);
    this.defaultCopies = Math.max(1, known(options.min) ?? 1);
    return this.scaling;
  }

  /**
   * Rolls an update back when one of the alarms fires while it goes on. Needs `rollingUpdate`.
   *
   * An alarm must exist before the component that it guards. So one on the component's own metrics is made in the stack of the component,
   * where these need no reference to it; and none may act on the component's own scaling.
   */
  public rollBackOn(...alarms: IAlarm[]): void {
    assertConfiguration(this, (report) =>
      checkRollbackAlarms(report, this.options.rollingUpdate, [...this.rollbackAlarms, ...alarms]),
    );
    this.rollbackAlarms.push(...alarms);
  }

  /** Puts a LoRA adapter onto this component: a component of its own to its callers, served by the copies of this one. */
  public addAdapter(id: string, options: AdapterComponentOptions): AdapterComponent {
    return new AdapterComponent(this, id, { ...options, fleet: this.fleet, base: this });
  }
}
