import { Stack, Token } from 'aws-cdk-lib';
import type { IRepository } from 'aws-cdk-lib/aws-ecr';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { type Report, show, warn } from '../private/checks';
import { LOG_IN_TO_REGISTRY, PULL_IMAGE } from './perms';
import type { Reader } from './private/reader';

const TOKEN = String.raw`\$\{Token\[[^\]]+\]\}`;

/** Account, Region and name of the repository in an ECR image URI, any of which may be a token. */
const ECR_URI = new RegExp(
  `^(\\d{12}|${TOKEN})\\.dkr\\.ecr(?:-fips)?\\.([a-z0-9-]+|${TOKEN})\\.(?:[a-z0-9.-]+|${TOKEN})/([^:@]+)(?:[:@].+)?$`,
);

/** The container image of a model: SageMaker pulls it from a private repository of Amazon ECR. */
export abstract class ModelImage {
  /**
   * An image in a repository of yours. For an image built with the app pass the repository and the tag of a `DockerImageAsset`.
   *
   * @param tagOrDigest such as `v3`, or `sha256:...` for an image that nobody can exchange
   */
  public static fromEcrRepository(repository: IRepository, tagOrDigest: string): ModelImage {
    return new RepositoryImage(repository, tagOrDigest);
  }

  /**
   * An image by its URI, such as that of an AWS deep learning container, which is in another account's registry.
   *
   * The fleet's role is permitted to pull it if the URI tells the repository.
   *
   * @param uri as in `763104351884.dkr.ecr.us-east-1.amazonaws.com/djl-inference:0.36.0-lmi`
   */
  public static fromUri(uri: string): ModelImage {
    return new UriImage(uri);
  }

  /** What SageMaker is told. */
  public abstract readonly uri: string;

  /** @internal */
  public abstract _check(report: Report, field: string): void;

  /** @internal */
  public abstract _grantPull(reader: Reader): Grant[];
}

class RepositoryImage extends ModelImage {
  public readonly uri: string;

  constructor(
    private readonly repository: IRepository,
    tagOrDigest: string,
  ) {
    super();
    this.uri = repository.repositoryUriForTagOrDigest(tagOrDigest);
  }

  /** @internal */
  public override _check(): void {}

  /** @internal */
  public override _grantPull(reader: Reader): Grant[] {
    return [this.repository.grantPull(reader)];
  }
}

class UriImage extends ModelImage {
  constructor(public readonly uri: string) {
    super();
  }

  /** @internal */
  public override _check(report: Report, field: string): void {
    if (ECR_URI.test(this.uri) || Token.isUnresolved(this.uri)) return;
    const remedy =
      'such as "111122223333.dkr.ecr.us-east-1.amazonaws.com/models/writer:v3"; use ModelImage.fromEcrRepository for a repository of this app';
    report(
      'component/image',
      field,
      `must be the URI of an image in a private Amazon ECR repository, ${remedy}, got: ${show(this.uri)}`,
    );
  }

  /** @internal */
  public override _grantPull(reader: Reader): Grant[] {
    const parts = ECR_URI.exec(this.uri);
    if (parts === null) {
      warn(
        reader,
        'component/image-unknown',
        `it is not known which repository the image ${show(this.uri)} is in, so nothing is permitted to pull it: use ` +
          'ModelImage.fromEcrRepository(asset.repository, asset.imageTag), or permit the role of the fleet to pull it',
      );
      return [];
    }
    const [, account, region, repository] = parts;
    const repositoryArn = Stack.of(reader).formatArn({
      service: 'ecr',
      account,
      region,
      resource: 'repository',
      resourceName: repository,
    });
    return [
      Grant.addToPrincipal({ grantee: reader, actions: PULL_IMAGE, resourceArns: [repositoryArn] }),
      Grant.addToPrincipal({ grantee: reader, actions: LOG_IN_TO_REGISTRY, resourceArns: ['*'] }),
    ];
  }
}
