import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import {
  awsListener,
  type HttpRequest,
  type HttpResponse,
  HttpServer,
  LocalAws,
  type LocalTable,
} from '../../../local/aws';
import { readBody } from '../../../local/aws/read-body';
import { type LocalComponent, World, wallClock } from '../../../local/world';
import type { AwsRequest } from './aws-calls';

/** What there is on the other side of the wire. */
export interface Scene {
  readonly components: readonly LocalComponent[];
  /** Texts of secrets, by ARN; of others it is `secret`. */
  readonly secrets?: Readonly<Record<string, string>>;
  readonly tables?: readonly LocalTable[];
}

/** Models answer in milliseconds, and a machine that is busy for a second is not yet too slow for them. */
const SPEED = 50;

const MAX_BODY_BYTES = 1024 * 1024;

/** Where a service of no cloud answers. */
const OTHER_SERVICE = '/other-service';

/** The services of AWS on this machine, which write down what they are asked; and one service besides. */
export class RecordingAws {
  requests: AwsRequest[] = [];
  #world = awsListener(new LocalAws(new World([], { clock: wallClock() })));
  #secrets: Readonly<Record<string, string>> = {};
  readonly #server = new HttpServer((request, response) => void this.#answer(request, response));

  /** Points the AWS SDK of this process at it. */
  static async start(): Promise<RecordingAws> {
    const aws = new RecordingAws();
    await new Promise<void>((resolve) => aws.#server.listen(0, '127.0.0.1', resolve));
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: aws.url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    });
    return aws;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get otherServiceUrl(): string {
    return `${this.url}${OTHER_SERVICE}`;
  }

  /** Another scene; forgets what it was asked so far. */
  play({ components, secrets = {}, tables = [] }: Scene): void {
    this.#world = awsListener(new LocalAws(new World(components, { clock: wallClock(SPEED) }), { tables }));
    this.#secrets = secrets;
    this.requests = [];
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  async #answer(request: HttpRequest, response: HttpResponse): Promise<void> {
    const { method = '', url: path = '', headers } = request;
    const target = headers['x-amz-target'];
    if (path === OTHER_SERVICE) return send(response, {});
    if (target === undefined) {
      this.requests.push({ method, path, headers });
      return this.#world(request, response);
    }
    const bytes = (await readBody(request, MAX_BODY_BYTES)) ?? Buffer.alloc(0);
    const body = isJson(headers) ? JSON.parse(String(bytes)) : undefined;
    this.requests.push({ method, path, headers, body });
    if (!String(target).startsWith('secretsmanager.')) {
      const replayed = Object.assign(Readable.from([bytes]), { method, url: path, headers });
      return this.#world(replayed as unknown as HttpRequest, response);
    }
    send(response, { SecretString: this.#secrets[body.SecretId] ?? 'secret' });
  }
}

/** CloudWatch is asked in CBOR. */
function isJson(headers: HttpRequest['headers']): boolean {
  return String(headers['content-type']).includes('json');
}

function send(response: HttpResponse, body: object): void {
  response.statusCode = 200;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(body));
}
