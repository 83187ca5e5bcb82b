import type { Tag } from '@aws-sdk/client-bedrock';

/**
 * What CloudFormation asks for, as the provider framework of the CDK passes it on.
 *
 * @typeParam Properties of the resource; all scalars arrive as text
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html
 */
export interface ResourceRequest<Properties = ImportProperties | AwaitProperties> {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  /** The same in every delivery of one request. */
  readonly RequestId: string;
  readonly StackId: string;
  readonly LogicalResourceId: string;
  /** None when a resource is created. */
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: Properties;
  /** Only when a resource is updated. */
  readonly OldResourceProperties?: Properties;
}

/** A request that `onEvent` has answered. */
export type PendingRequest<Properties = ImportProperties | AwaitProperties> = ResourceRequest<Properties> & Accepted;

/** Answer of `onEvent`; the framework adds it to the request. */
export interface Accepted {
  readonly PhysicalResourceId: string;
  /** Milliseconds since 1970, from which waiting is counted. */
  readonly StartedAt: number;
  /** The physical id that CloudFormation knew, which the framework overwrites. */
  readonly PreviousPhysicalId?: string;
}

/** Answer of `isComplete`. */
export interface Completion {
  readonly IsComplete: boolean;
  readonly Data?: ImportAttributes;
}

/** What templates can refer to. */
export interface ImportAttributes {
  /** Missing while the import goes on in a resource that awaits it. */
  readonly ModelArn?: string;
  readonly JobArn?: string;
}

interface Waiting {
  /** Seconds to wait for an import to end. */
  readonly WaitSeconds: string;
  /** `true` if another resource goes on waiting after that. */
  readonly Continued: string;
}

/** An imported model. */
export interface ImportProperties extends Waiting {
  readonly NamePrefix: string;
  readonly WeightsUri: string;
  readonly RoleArn: string;
  readonly KmsKeyId?: string;
  readonly SubnetIds?: readonly string[];
  readonly SecurityGroupIds?: readonly string[];
  readonly Tags?: readonly Tag[];
}

/** Goes on waiting for an import that another resource started. */
export interface AwaitProperties extends Waiting {
  readonly JobArn: string;
  /** Physical id of that resource: the name of the model. */
  readonly ImportName: string;
}

/** Where a request stands. */
export type Outcome =
  | { readonly done: false; readonly waitingFor: string }
  | { readonly done: true; readonly attributes?: ImportAttributes };

export function waitFor(waitingFor: string): Outcome {
  return { done: false, waitingFor };
}
