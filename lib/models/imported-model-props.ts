import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ImportedModelOptions } from './imported-model-ref';

/** Where the files of a model lie: Hugging Face format, weights as safetensors. */
export interface ModelWeights {
  readonly bucket: IBucket;
  /**
   * The folder with the files, as in `writer/v3`. Give each version a folder of its own: a model is imported anew when the
   * folder changes, not when its files do.
   */
  readonly prefix: string;
}

/** Where an import runs, if the bucket can be reached only from a VPC. */
export interface ImportNetwork {
  readonly vpc: IVpc;
  /**
   * Subnets, one in each Availability Zone if possible.
   *
   * @default - the private subnets of the VPC
   */
  readonly subnets?: SubnetSelection;
  /**
   * What the import may reach: the S3 endpoint of the VPC.
   *
   * @default - a group of its own that allows all outbound traffic
   */
  readonly securityGroups?: readonly ISecurityGroup[];
}

export interface ImportedModelProps extends ImportedModelOptions {
  /** What to import. */
  readonly weights: ModelWeights;

  /**
   * How the model's name begins: up to 40 letters, digits and single hyphens. The name ends with a fingerprint of what was
   * imported, so that a new version can be imported beside the old one.
   *
   * @default - made from the path of the construct
   */
  readonly modelNamePrefix?: string;

  /**
   * What the import runs as. Permissions on the weights, and on the network if there is one, are added.
   *
   * @default - a role that Bedrock can use for imports of this account
   */
  readonly role?: IRole;

  /**
   * The VPC through which the import reads the weights.
   *
   * @default - none
   */
  readonly network?: ImportNetwork;

  /**
   * How long a deployment waits for the import, 55 minutes to 12 hours. CloudFormation waits for one resource no longer than an
   * hour, so each further 55 minutes add one that goes on waiting.
   *
   * @default Duration.minutes(55)
   */
  readonly importTimeout?: Duration;

  /**
   * What becomes of the model when it leaves the stack or is replaced. A model that is retained bills its storage until you
   * delete it. What a failed creation made is deleted in any case.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;
}
