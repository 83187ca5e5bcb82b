import { createHash } from 'node:crypto';
import { Lazy, SecretValue, Stack } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { toConfigVariable } from '../../core/api/config-variable';
import { grantReadSecret } from '../bindings/private/secret-grant';
import { assertConfiguration, type Report } from './checks';
import { acknowledge } from './findings';
import { longest, shortest } from './text-bounds';

/** A configuration as a secret holds it: `revision` tells those of two deployments apart. */
export type Stored<T> = T & { readonly revision: string };

export interface FunctionConfigProps<T extends object> {
  /** The environment variable by which the function is told. */
  readonly variable: string;
  /** Plain data; may hold tokens. */
  readonly config: T;
  /** What it says, as the description of a secret. */
  readonly description: string;
  /** How the ids of faults begin, as in `agent`. */
  readonly faultPrefix: string;
  /** Reports what to do about a configuration that no secret holds. */
  readonly tooLarge: (size: ConfigSize<T>, report: Report) => void;
  /**
   * The other variables of the function, with which it shares the environment; may hold tokens.
   *
   * @default - none
   */
  readonly reserved?: Readonly<Record<string, string>>;
}

/** A configuration whose every token has become the shortest text, and what it takes. */
export interface ConfigSize<T> {
  readonly config: T;
  readonly bytes: number;
  readonly maxBytes: number;
}

/**
 * Of all variables of a function together, as JSON.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 * @see https://github.com/github-aws-runners/terraform-aws-github-runner/issues/3594
 */
const MAX_ENVIRONMENT_BYTES = 4_096;

/** What stays free of them: tools that watch functions add variables of their own. */
const FREE_BYTES = 1_024;

/** @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
const MAX_SECRET_BYTES = 65_536;

/** Enough to tell the configurations of two deployments apart. */
const REVISION_CHARS = 12;

const ANY_REVISION = 'x'.repeat(REVISION_CHARS);

/**
 * The configuration of a function: in its environment if it fits there, else in a secret.
 *
 * The secret and the variable that names it hold the same revision. While a deployment goes on, the secret has the new
 * text already and the former one still, and each function takes that of its own revision. The secret is the same one
 * from deployment to deployment, so that the permission to read it never changes.
 */
export class FunctionConfig<T extends object> extends Construct {
  /** Variables for the function. */
  public readonly environment: Readonly<Record<string, string>>;

  readonly #props: FunctionConfigProps<T>;
  readonly #readers: LambdaFunction[] = [];
  #config: T;
  #secret: Secret | undefined;

  constructor(scope: Construct, id: string, props: FunctionConfigProps<T>) {
    super(scope, id);
    this.#props = props;
    this.#config = props.config;
    assertConfiguration(this, (report) => this.#checkEnvironment(report));
    this.environment = { [props.variable]: Lazy.uncachedString({ produce: () => this.#variable() }) };
    this.#place();
  }

  /** What the function is told. */
  public get config(): T {
    return this.#config;
  }

  /** Tells the function something else. @throws ConfigurationError if no secret holds it */
  public replace(config: T): void {
    this.#config = config;
    this.#place();
  }

  /** Permits a function to read it. */
  public grantRead(fn: LambdaFunction): void {
    this.#readers.push(fn);
    // What is in the environment needs no permission.
    if (this.#secret) grantReadSecret(this, this.#secret, fn);
  }

  /** Gives the function what it needs to read it. */
  public tell(fn: LambdaFunction): void {
    for (const [name, value] of Object.entries(this.environment)) fn.addEnvironment(name, value);
    this.grantRead(fn);
  }

  #place(): void {
    assertConfiguration(this, (report) => this.#checkSize(report));
    const { variable, reserved = {} } = this.#props;
    const variables = { ...longest(this, reserved), [variable]: JSON.stringify(longest(this, this.#config)) };
    if (this.#secret !== undefined || bytesOf(variables) <= MAX_ENVIRONMENT_BYTES - FREE_BYTES) return;
    this.#secret = new Secret(this, 'Secret', {
      description: this.#props.description,
      secretStringValue: SecretValue.unsafePlainText(
        Lazy.uncachedString({
          produce: () => Stack.of(this).toJsonString({ revision: this.#revision, ...this.#config }),
        }),
      ),
    });
    acknowledge(this.#secret, 'It holds a configuration, which changes with deployments alone', [
      'AwsSolutions-SMG4',
      'NIST.800.53.R5-SecretsManagerRotationEnabled',
    ]);
    for (const fn of this.#readers) grantReadSecret(this, this.#secret, fn);
  }

  #variable(): string {
    if (!this.#secret) return Stack.of(this).toJsonString(this.#config);
    return toConfigVariable({ secretId: this.#secret.secretArn, revision: this.#revision });
  }

  get #revision(): string {
    return Lazy.uncachedString({ produce: (context) => digest(context.resolve(this.#config)) });
  }

  #checkSize(report: Report): void {
    const stored: Stored<T> = { revision: ANY_REVISION, ...shortest(this, this.#config) };
    const bytes = bytesOf(stored);
    if (bytes > MAX_SECRET_BYTES) this.#props.tooLarge({ config: stored, bytes, maxBytes: MAX_SECRET_BYTES }, report);
  }

  /** Refuses what is certain to be too large, whatever tokens become. */
  #checkEnvironment(report: Report): void {
    const { variable, reserved = {}, faultPrefix } = this.#props;
    const named = { [variable]: toConfigVariable({ secretId: '', revision: ANY_REVISION }) };
    const bytes = bytesOf({ ...shortest(this, reserved), ...named });
    if (bytes <= MAX_ENVIRONMENT_BYTES) return;
    report(
      `${faultPrefix}/environment-too-large`,
      'environment',
      `takes ${bytes} bytes with ${variable}, and Lambda has ${MAX_ENVIRONMENT_BYTES} for all variables: ` +
        'keep long values elsewhere, such as in SSM or S3',
    );
  }
}

/** Of a value as JSON. */
export function bytesOf(value: object): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, REVISION_CHARS);
}
