import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const ACCOUNT = '123456789012';
const JOB_NAME = /^(?=.{1,63}$)[a-zA-Z0-9](-*[a-zA-Z0-9+\-.])*$/;
const MODEL_NAME = /^(?=.{1,63}$)([0-9a-zA-Z][_-]?)+$/;

/** Jobs in a page of a list, before it is filtered: pages may be empty. */
const PAGE_SIZE = 2;

export interface ControlPlaneOptions {
  /** @default - any free one */
  readonly port?: number;
  /** @default 'us-east-1' */
  readonly region?: string;
  /** Milliseconds since 1970; give a clock of your own to let time pass. @default Date.now */
  readonly now?: () => number;
  /** How long imports take. @default 0 */
  readonly importSeconds?: number;
  /** Most imported models, those that are being imported included. @default 3 */
  readonly maxModels?: number;
  /** Most imports at once. @default 10 */
  readonly maxRunningJobs?: number;
}

/** A call as it came over the wire. */
export interface Call {
  readonly operation: string;
  readonly id: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Those of the model that it names, before it is answered. */
  readonly tags?: Readonly<Record<string, string>>;
}

interface Tag {
  readonly key: string;
  readonly value: string;
}

interface Job {
  readonly jobArn: string;
  readonly jobName: string;
  readonly importedModelName: string;
  readonly clientRequestToken?: string;
  readonly request: Readonly<Record<string, unknown>>;
  readonly startedAt: number;
  readonly endsAt: number;
  readonly failureMessage?: string;
  importedModelArn?: string;
}

export interface ImportedModelRecord {
  readonly modelArn: string;
  readonly modelName: string;
  readonly jobArn: string;
  readonly jobName: string;
  readonly creationTime: string;
  readonly tags: Map<string, string>;
}

/** What a call is refused with. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Bedrock's control plane, as far as model imports go: jobs that run, end or fail by the clock, and models.
 *
 * Names of jobs stay taken for ever, and jobs cannot be cancelled. Speaks the protocol of the real service, so that the
 * unmodified SDK talks to it: set `AWS_ENDPOINT_URL_BEDROCK` to its `url`.
 */
export class BedrockControlPlane {
  readonly calls: Call[] = [];
  readonly models = new Map<string, ImportedModelRecord>();
  readonly #jobs = new Map<string, Job>();
  readonly #refusals: { operation: string; refusal: Refusal }[] = [];
  readonly #options: Required<ControlPlaneOptions>;
  readonly #server: Server;
  #importSeconds: number;
  #failure: string | undefined;
  #loseAnswers = 0;
  #count = 0;

  private constructor(options: ControlPlaneOptions) {
    this.#options = {
      port: 0,
      region: 'us-east-1',
      now: Date.now,
      importSeconds: 0,
      maxModels: 3,
      maxRunningJobs: 10,
      ...options,
    };
    this.#importSeconds = this.#options.importSeconds;
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  static async start(options: ControlPlaneOptions = {}): Promise<BedrockControlPlane> {
    const plane = new BedrockControlPlane(options);
    await new Promise<void>((resolve) => plane.#server.listen(plane.#options.port, resolve));
    return plane;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  /** Refuses the next call of an operation. */
  refuseNext(operation: string, status: number, code: string, message: string): void {
    this.#refusals.push({ operation, refusal: new Refusal(status, code, message) });
  }

  /** Does what the next `CreateModelImportJob` asks for, but answers as if it had failed. */
  loseNextAnswer(): void {
    this.#loseAnswers += 1;
  }

  /** How the imports that start from now on end. @param failure why they fail, none if they complete */
  setImports({ seconds, failure }: { readonly seconds?: number; readonly failure?: string }): void {
    this.#importSeconds = seconds ?? this.#importSeconds;
    this.#failure = failure;
  }

  /** A model that was imported by other means. */
  addModel(modelName: string): ImportedModelRecord {
    const job = { jobArn: this.#arn('model-import-job', 'j'), jobName: 'by-hand', importedModelName: modelName };
    return this.#addModel({ ...job, request: {} });
  }

  /** Loses the records of all jobs. */
  forgetJobs(): void {
    this.#jobs.clear();
  }

  get jobs(): readonly (Job & { readonly status: string })[] {
    this.#settle();
    return [...this.#jobs.values()].map((job) => ({ ...job, status: this.#status(job) }));
  }

  /** Names of the operations so far. */
  get operations(): readonly string[] {
    return this.calls.map(({ operation }) => operation);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const [status, body, headers] = this.#answer(request, Buffer.concat(chunks).toString());
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  }

  #answer({ method = '', url = '/' }: IncomingMessage, text: string): [number, unknown, Record<string, string>?] {
    try {
      return this.#route(method, new URL(url, 'http://localhost'), text === '' ? {} : JSON.parse(text));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return [error.status, { message: error.message }, { 'x-amzn-errortype': error.code }];
    }
  }

  #route(method: string, url: URL, body: Readonly<Record<string, unknown>>): [number, unknown] {
    this.#settle();
    const [collection = '', id = ''] = url.pathname.slice(1).split('/').map(decodeURIComponent);
    const called = (operation: string) => {
      const model = this.#modelOf((body.resourceARN as string | undefined) ?? id);
      this.calls.push({ operation, id, body, tags: model && Object.fromEntries(model.tags) });
      const index = this.#refusals.findIndex((refusal) => refusal.operation === operation);
      if (index >= 0) throw this.#refusals.splice(index, 1)[0]!.refusal;
    };
    switch (`${method} ${collection}${id && '/id'}`) {
      case 'POST model-import-jobs': {
        called('CreateModelImportJob');
        const jobArn = this.#createJob(body);
        if (this.#loseAnswers === 0) return [201, { jobArn }];
        this.#loseAnswers -= 1;
        throw new Refusal(500, 'InternalServerException', 'An internal server error occurred. Retry your request.');
      }
      case 'GET model-import-jobs':
        called('ListModelImportJobs');
        return [200, this.#listJobs(url.searchParams)];
      case 'GET model-import-jobs/id':
        called('GetModelImportJob');
        return [200, this.#describe(this.#findJob(id))];
      case 'GET imported-models/id': {
        called('GetImportedModel');
        const { tags: _, ...model } = this.#findModel(id);
        return [200, model];
      }
      case 'DELETE imported-models/id':
        called('DeleteImportedModel');
        this.models.delete(this.#findModel(id).modelArn);
        return [200, {}];
      case 'POST tagResource':
        called('TagResource');
        for (const { key, value } of body.tags as Tag[])
          this.#findModel(body.resourceARN as string).tags.set(key, value);
        return [200, {}];
      case 'POST untagResource':
        called('UntagResource');
        for (const key of body.tagKeys as string[]) this.#findModel(body.resourceARN as string).tags.delete(key);
        return [200, {}];
      default:
        throw new Refusal(404, 'UnknownOperationException', `${method} ${url.pathname}`);
    }
  }

  #createJob(request: Readonly<Record<string, unknown>>): string {
    const { jobName, importedModelName, clientRequestToken } = request as Record<string, string>;
    const repeated = [...this.#jobs.values()].find((job) => job.clientRequestToken === clientRequestToken);
    if (clientRequestToken !== undefined && repeated) return repeated.jobArn;

    if (!JOB_NAME.test(jobName!)) throw new Refusal(400, 'ValidationException', `invalid job name: ${jobName}`);
    if (!MODEL_NAME.test(importedModelName!)) {
      throw new Refusal(400, 'ValidationException', `invalid model name: ${importedModelName}`);
    }
    if ([...this.#jobs.values()].some((job) => job.jobName === jobName)) {
      throw new Refusal(400, 'ValidationException', 'The provided job name is currently in use.');
    }
    const running = this.jobs.filter(({ status }) => status === 'InProgress').length;
    if (running >= this.#options.maxRunningJobs || running + this.models.size >= this.#options.maxModels) {
      throw new Refusal(400, 'ServiceQuotaExceededException', 'The quota is used up');
    }
    const startedAt = this.#options.now();
    const job: Job = {
      jobArn: this.#arn('model-import-job', 'j'),
      jobName: jobName!,
      importedModelName: importedModelName!,
      clientRequestToken,
      request,
      startedAt,
      endsAt: startedAt + this.#importSeconds * 1_000,
      failureMessage: this.#failure,
    };
    this.#jobs.set(job.jobArn, job);
    return job.jobArn;
  }

  /** Ends the jobs whose time has come. */
  #settle(): void {
    for (const job of this.#jobs.values()) {
      if (this.#status(job) !== 'Completed' || job.importedModelArn !== undefined) continue;
      job.importedModelArn = this.#addModel(job).modelArn;
    }
  }

  #addModel(job: Pick<Job, 'jobArn' | 'jobName' | 'importedModelName' | 'request'>): ImportedModelRecord {
    const tags = (job.request.importedModelTags ?? []) as Tag[];
    const model = {
      modelArn: this.#arn('imported-model', 'm'),
      modelName: job.importedModelName,
      jobArn: job.jobArn,
      jobName: job.jobName,
      creationTime: new Date(this.#options.now()).toISOString(),
      tags: new Map(tags.map(({ key, value }) => [key, value])),
    };
    this.models.set(model.modelArn, model);
    return model;
  }

  #status({ endsAt, failureMessage }: Job): 'InProgress' | 'Completed' | 'Failed' {
    if (this.#options.now() < endsAt) return 'InProgress';
    return failureMessage === undefined ? 'Completed' : 'Failed';
  }

  #describe(job: Job): object {
    const { jobArn, jobName, importedModelName, importedModelArn, startedAt, failureMessage } = job;
    const status = this.#status(job);
    return {
      jobArn,
      jobName,
      importedModelName,
      importedModelArn,
      status,
      creationTime: new Date(startedAt).toISOString(),
      ...(status === 'Failed' && { failureMessage }),
    };
  }

  #listJobs(query: URLSearchParams): object {
    const sorted = query.get('sortBy') === 'CreationTime' && query.get('sortOrder') === 'Descending';
    const jobs = sorted ? [...this.#jobs.values()].toReversed() : [...this.#jobs.values()];
    const start = Number(query.get('nextToken') ?? 0);
    const end = start + PAGE_SIZE;
    const found = jobs
      .slice(start, end)
      .filter(
        (job) =>
          job.jobName.includes(query.get('nameContains') ?? '') &&
          (query.get('statusEquals') ?? this.#status(job)) === this.#status(job),
      );
    return {
      modelImportJobSummaries: found.map((job) => this.#describe(job)),
      nextToken: end < jobs.length ? String(end) : undefined,
    };
  }

  #findJob(id: string): Job {
    const job = [...this.#jobs.values()].find(({ jobArn, jobName }) => jobArn === id || jobName === id);
    if (!job) throw new Refusal(404, 'ResourceNotFoundException', 'The provided job identifier is not found.');
    return job;
  }

  #modelOf(id: string): ImportedModelRecord | undefined {
    return [...this.models.values()].find(({ modelArn, modelName }) => modelArn === id || modelName === id);
  }

  #findModel(id: string): ImportedModelRecord {
    const model = this.#modelOf(id);
    if (!model) throw new Refusal(404, 'ResourceNotFoundException', 'The provided model identifier is not found.');
    return model;
  }

  #arn(type: string, letter: string): string {
    this.#count += 1;
    return `arn:aws:bedrock:${this.#options.region}:${ACCOUNT}:${type}/${letter}${String(this.#count).padStart(11, '0')}`;
  }
}
