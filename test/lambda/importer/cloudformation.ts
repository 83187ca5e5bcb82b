import { BedrockClient } from '@aws-sdk/client-bedrock';
import { controlPlane } from '../../../lambda/importer/control-plane';
import { type Importer, importer } from '../../../lambda/importer/importer';
import type {
  AwaitProperties,
  ImportAttributes,
  ImportProperties,
  PendingRequest,
  ResourceRequest,
} from '../../../lambda/importer/requests';
import { BedrockControlPlane, type ControlPlaneOptions } from '../../support/bedrock-control-plane';

/** Time between two calls of `isComplete`. */
export const POLL_SECONDS = 30;

/** How long the resources of the tests wait. */
export const WAIT_SECONDS = 3_300;

/** After which CloudFormation hears no answer any more. */
const CLOUDFORMATION_SECONDS = 3_600;

export const STACK_ID =
  'arn:aws:cloudformation:us-east-1:123456789012:stack/support/4f1c0e60-0000-11f0-a000-0a1b2c3d4e5f';

export const WRITER: ImportProperties = {
  NamePrefix: 'writer',
  WeightsUri: 's3://weights/writer/v1/',
  RoleArn: 'arn:aws:iam::123456789012:role/import',
  WaitSeconds: String(WAIT_SECONDS),
  Continued: 'false',
};

export type Answer =
  | { readonly status: 'SUCCESS'; readonly physicalId: string; readonly attributes: ImportAttributes }
  | { readonly status: 'FAILED'; readonly physicalId: string; readonly reason: string };

/** Points the AWS SDK at a control plane. */
export function useBedrock(plane: BedrockControlPlane): void {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_BEDROCK: plane.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'key',
    AWS_SECRET_ACCESS_KEY: 'secret',
  });
}

/** The two functions on a clock that the test moves, over the wire to a control plane of its own. */
export class Deployment {
  readonly lines: string[] = [];
  #nowMs = Date.UTC(2026, 0, 1);
  #requests = 0;

  private constructor(
    readonly plane: BedrockControlPlane,
    readonly functions: Importer,
  ) {}

  static async start(options: ControlPlaneOptions = {}): Promise<Deployment> {
    let deployment: Deployment | undefined;
    const now = () => deployment?.nowMs ?? 0;
    const plane = await BedrockControlPlane.start({ now, ...options });
    useBedrock(plane);
    // One attempt a call: the SDK would wait by the real clock.
    const client = new BedrockClient({ maxAttempts: 1 });
    const functions = importer({
      plane: controlPlane(client),
      now,
      log: (line) => deployment?.lines.push(line),
    });
    deployment = new Deployment(plane, functions);
    return deployment;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  pass(seconds: number): void {
    this.#nowMs += seconds * 1_000;
  }

  request(
    RequestType: ResourceRequest['RequestType'],
    ResourceProperties: ImportProperties | AwaitProperties,
    rest: Partial<ResourceRequest> = {},
  ): ResourceRequest {
    this.#requests += 1;
    return {
      RequestType,
      RequestId: `request-${this.#requests}`,
      StackId: STACK_ID,
      LogicalResourceId: 'Writer',
      ResourceProperties,
      ...rest,
    };
  }

  create(properties: ImportProperties | AwaitProperties = WRITER): Promise<Answer> {
    return this.run(this.request('Create', properties));
  }

  update(
    physicalId: string,
    old: ImportProperties | AwaitProperties,
    properties: ImportProperties | AwaitProperties,
  ): Promise<Answer> {
    return this.run(this.request('Update', properties, { PhysicalResourceId: physicalId, OldResourceProperties: old }));
  }

  delete(physicalId: string, properties: ImportProperties | AwaitProperties = WRITER): Promise<Answer> {
    return this.run(this.request('Delete', properties, { PhysicalResourceId: physicalId }));
  }

  /** Passes a request through the provider as its framework does, until it is answered. */
  async run(request: ResourceRequest): Promise<Answer> {
    return this.finish(await this.deliver(request));
  }

  /** Lets time pass until a delivery is answered. */
  async finish(delivery: Delivery): Promise<Answer> {
    for (;;) {
      const answer = await delivery.poll();
      if (answer) return answer;
      this.pass(POLL_SECONDS);
    }
  }

  /** A delivery of a request, polled by the test. */
  async deliver(request: ResourceRequest): Promise<Delivery> {
    // The events cross process borders.
    const accepted = JSON.parse(JSON.stringify(await this.functions.onEvent(request)));
    return new Delivery(this, { ...request, ...accepted });
  }
}

/** The waiter of the framework: calls `isComplete` until it is done, fails, or nobody listens any more. */
export class Delivery {
  #answer: Answer | undefined;

  constructor(
    private readonly deployment: Deployment,
    private readonly request: PendingRequest,
  ) {}

  async poll(): Promise<Answer | undefined> {
    this.#answer ??= await this.#look();
    return this.#answer;
  }

  async #look(): Promise<Answer | undefined> {
    const { PhysicalResourceId: physicalId, StartedAt } = this.request;
    const event: PendingRequest = JSON.parse(JSON.stringify(this.request));
    try {
      const { IsComplete, Data = {} } = await this.deployment.functions.isComplete(event);
      if (IsComplete) return { status: 'SUCCESS', physicalId, attributes: Data };
    } catch (error) {
      return { status: 'FAILED', physicalId, reason: (error as Error).message };
    }
    if (this.deployment.nowMs - StartedAt < CLOUDFORMATION_SECONDS * 1_000) return undefined;
    throw new Error('the functions did not answer within the hour');
  }
}
