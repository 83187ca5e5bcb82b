import { createHash } from 'node:crypto';
import { Lazy, SecretValue, Stack } from 'aws-cdk-lib';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { type StoredConfig, toConfigVariable } from '../../core/api/config-variable';
import { READ_SECRET_PERMS } from '../bindings/perms';
import { assertConfiguration, type Report } from './checks';
import { bytesOf, configParts, configPieces } from './config-parts';
import { acknowledge } from './findings';
import { LONGEST_SECRET_ID, longest, shortest } from './text-bounds';

export interface FunctionConfigProps<T extends object> {
  /** The environment variable by which the function is told. */
  readonly variable: string;
  /** Plain data; may hold tokens. */
  readonly config: T;
  /** What it says, as the description of a secret. */
  readonly description: string;
  /** How the ids of faults begin, as in `agent`. */
  readonly faultPrefix: string;
  /**
   * The other variables of the function, with which it shares the environment; may hold tokens.
   *
   * @default - none
   */
  readonly reserved?: Readonly<Record<string, string>>;
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

const LONGEST_ARN = 'x'.repeat(LONGEST_SECRET_ID);

/**
 * The configuration of a function: in its environment if it fits there, else in a secret, or in as many as it takes.
 *
 * The variable names the first secret, and this the others. All hold the same revision, as the variable does. While a
 * deployment goes on, a secret has the new text already and the former one still, and each function takes that of its own
 * revision. A secret that is needed no more goes when the function has been updated, and so does the permission to read it.
 */
export class FunctionConfig<T extends object> extends Construct {
  /** Variables for the function. */
  public readonly environment: Readonly<Record<string, string>>;

  readonly #props: FunctionConfigProps<T>;
  readonly #readers: LambdaFunction[] = [];
  readonly #secrets: Secret[] = [];
  #config: T;
  #parts: readonly object[] = [];

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
    for (const secret of this.#secrets) this.#permit(secret, fn);
  }

  /** Gives the function what it needs to read it. */
  public tell(fn: LambdaFunction): void {
    for (const [name, value] of Object.entries(this.environment)) fn.addEnvironment(name, value);
    this.grantRead(fn);
  }

  #place(): void {
    const { variable, reserved = {} } = this.#props;
    const most = longest(this, this.#config);
    const { parts, maxBytes } = this.#divide(most);
    assertConfiguration(this, (report) => this.#checkPieces(maxBytes, report));
    const variables = { ...longest(this, reserved), [variable]: JSON.stringify(most) };
    if (this.#secrets.length === 0 && bytesOf(variables) <= MAX_ENVIRONMENT_BYTES - FREE_BYTES) return;
    this.#parts = parts;
    while (this.#secrets.length < parts.length) this.#addSecret(this.#secrets.length);
  }

  /**
   * As few parts as secrets hold, whatever the tokens become.
   *
   * @param most the configuration with the longest text in place of every token
   */
  #divide(most: T): { readonly parts: readonly object[]; readonly maxBytes: number } {
    for (let count = 1; ; count++) {
      const maxBytes = MAX_SECRET_BYTES - bytesOf(headerOf(ANY_REVISION, new Array(count - 1).fill(LONGEST_ARN)));
      const parts = configParts(configPieces(this.#config, most, maxBytes), maxBytes);
      if (parts.length <= count) return { parts, maxBytes };
    }
  }

  #addSecret(at: number): void {
    const secret = new Secret(this, at === 0 ? 'Secret' : `Secret${at + 1}`, {
      description: this.#props.description,
      secretStringValue: SecretValue.unsafePlainText(Lazy.uncachedString({ produce: () => this.#text(at) })),
    });
    acknowledge(secret, 'It holds a configuration, which changes with deployments alone', [
      'AwsSolutions-SMG4',
      'NIST.800.53.R5-SecretsManagerRotationEnabled',
    ]);
    this.#secrets.push(secret);
    for (const fn of this.#readers) this.#permit(secret, fn);
  }

  /** By a policy for each secret: from one for all a statement would go before the function is updated that still needs it. */
  #permit(secret: Secret, fn: LambdaFunction): void {
    const policy = new Policy(secret, `ReadBy${this.#readers.indexOf(fn) + 1}`);
    policy.addStatements(new PolicyStatement({ actions: READ_SECRET_PERMS, resources: [secret.secretArn] }));
    acknowledge(policy, 'It is of one function, and goes with the secret', ['NIST.800.53.R5-IAMNoInlinePolicy']);
    fn.role?.attachInlinePolicy(policy);
    // Of the function alone: its role is a part of it, and the policy needs that.
    fn.node.defaultChild?.node.addDependency(policy);
  }

  #text(at: number): string {
    const further = at === 0 ? this.#secrets.slice(1).map(({ secretArn }) => secretArn) : [];
    return Stack.of(this).toJsonString({ ...headerOf(this.#revision, further), ...this.#parts[at] });
  }

  #variable(): string {
    const [first] = this.#secrets;
    if (!first) return Stack.of(this).toJsonString(this.#config);
    return toConfigVariable({ secretId: first.secretArn, revision: this.#revision });
  }

  get #revision(): string {
    return Lazy.uncachedString({ produce: (context) => digest(context.resolve(this.#config)) });
  }

  /** Refuses what is certain to be too large for a secret and cannot be divided over several. */
  #checkPieces(maxBytes: number, report: Report): void {
    for (const { path, bytes } of configPieces(this.#config, shortest(this, this.#config), maxBytes)) {
      if (bytes <= maxBytes) continue;
      report(
        `${this.#props.faultPrefix}/configuration-too-large`,
        path.join('.'),
        `takes ${bytes} bytes of the function's configuration, and a secret holds ${maxBytes}: make it smaller`,
      );
    }
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

function headerOf(revision: string, further: readonly string[]): StoredConfig {
  return { revision, ...(further.length > 0 && { further }) };
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, REVISION_CHARS);
}
