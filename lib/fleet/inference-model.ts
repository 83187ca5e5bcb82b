import { Arn, type Duration } from 'aws-cdk-lib';
import type { Grant } from 'aws-cdk-lib/aws-iam';
import type { CfnInferenceComponent } from 'aws-cdk-lib/aws-sagemaker';
import type { aws_sagemaker } from 'aws-cdk-lib/interfaces';
import type { Report } from '../private/checks';
import { checkSageMakerName } from '../private/sagemaker-name';
import { checkShape } from '../private/shape';
import { checkArtifact, grantReadArtifact, type ModelArtifact } from './model-artifact';
import type { ModelImage } from './model-image';
import { checkContainerMetrics, checkEnvironment } from './private/container-checks';
import type { Reader } from './private/reader';
import { CONTAINER } from './private/shapes';

/** A container and what it loads. */
export interface ModelContainer {
  readonly image: ModelImage;
  /**
   * The weights, unpacked into `/opt/ml/model`.
   *
   * @default - none: the image holds them or fetches them
   */
  readonly artifact?: ModelArtifact;
  /**
   * Environment variables: at most 16, names and values of at most 1,024 characters.
   *
   * @default - none
   */
  readonly environment?: { readonly [name: string]: string };
  /**
   * Where the container shows its own metrics to a fleet with detailed observability.
   *
   * @default - `/metrics` on port 8080, every minute; AWS deep learning containers know their own path
   */
  readonly metrics?: ContainerMetrics;
}

/** Metrics that a container shows in the format of Prometheus. */
export interface ContainerMetrics {
  /**
   * Path of the metrics on the container.
   *
   * @default '/metrics'
   */
  readonly path?: string;
  /**
   * How often they are published: every 10 or 30 seconds, or every 1 to 5 minutes.
   *
   * @default Duration.minutes(1)
   */
  readonly interval?: Duration;
}

/** What an inference component runs. */
export abstract class InferenceModel {
  /** A container, with or without an artifact. The fleet's role is permitted to pull the one and to read the other. */
  public static fromContainer(container: ModelContainer): InferenceModel {
    return new ContainerModel(container);
  }

  /** A SageMaker model. Grants nothing: a SageMaker model names an execution role of its own. */
  public static fromSageMakerModel(model: aws_sagemaker.IModelRef): InferenceModel {
    return new SageMakerModel(Arn.extractResourceName(model.modelRef.modelArn, 'model'));
  }

  /** A SageMaker model by its name, in the account and Region of the component. Grants nothing. */
  public static fromSageMakerModelName(modelName: string): InferenceModel {
    return new SageMakerModel(modelName);
  }

  /** @internal */
  public abstract _check(report: Report): void;

  /** @internal */
  public abstract _render(): ModelSpecification;

  /** @internal */
  public abstract _grantRead(reader: Reader): Grant[];
}

/** The part of a specification that says what runs. */
type ModelSpecification = Pick<
  CfnInferenceComponent.InferenceComponentSpecificationProperty,
  'container' | 'modelName'
>;

class ContainerModel extends InferenceModel {
  constructor(private readonly container: ModelContainer) {
    super();
  }

  /** @internal */
  public override _check(report: Report): void {
    if (!checkShape('component', 'model', this.container, CONTAINER, report)) return;
    const { image, artifact, environment, metrics } = this.container;
    image._check(report, 'model.image');
    if (artifact) checkArtifact(report, 'model.artifact', artifact);
    if (environment) checkEnvironment(report, 'model.environment', environment);
    if (metrics) checkContainerMetrics(report, 'model.metrics', metrics);
  }

  /** @internal */
  public override _render(): ModelSpecification {
    const { image, artifact, environment, metrics } = this.container;
    return {
      container: {
        image: image.uri,
        artifactUrl: artifact?.bucket.s3UrlForObject(artifact.key),
        environment,
        containerMetricsConfig: metrics && {
          metricsEndpoints: [
            {
              metricsEndpointPath: metrics.path ?? '/metrics',
              metricPublishFrequencyInSeconds: metrics.interval?.toSeconds(),
            },
          ],
        },
      },
    };
  }

  /** @internal */
  public override _grantRead(reader: Reader): Grant[] {
    const { image, artifact } = this.container;
    const pull = image._grantPull(reader);
    return artifact ? [...pull, ...grantReadArtifact(artifact, reader)] : pull;
  }
}

class SageMakerModel extends InferenceModel {
  constructor(private readonly modelName: string) {
    super();
  }

  /** @internal */
  public override _check(report: Report): void {
    checkSageMakerName('component/model-name', 'model.modelName', this.modelName, report);
  }

  /** @internal */
  public override _render(): ModelSpecification {
    return { modelName: this.modelName };
  }

  /** @internal */
  public override _grantRead(): Grant[] {
    return [];
  }
}
