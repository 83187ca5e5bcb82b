import { createHash } from 'node:crypto';
import { Lazy, SecretValue, Stack } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import {
  CONFIG_VARIABLE,
  type RuntimeConfig,
  type StoredConfig,
  toConfigVariable,
} from '../../../core/api/config-variable';
import type { Bindings } from '../../../core/graph/binding';
import { bindingFaults } from '../../../core/graph/binding-faults';
import { grantReadSecret } from '../../bindings/private/secret-grant';
import { assertConfiguration, type Report } from '../../private/checks';
import { acknowledge } from '../../private/findings';
import { longest, shortest } from './text-bounds';

/** What a deployment adds to a graph. */
export interface AgentConfigProps {
  /** Where the components run, by name; may hold tokens. */
  readonly bindings: Bindings;
  readonly deadlineMs: number;
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

/**
 * The configuration of an agent's function: in its environment if it fits there, else in a secret.
 *
 * The secret and the variable that names it hold the same revision. While a deployment goes on, the secret has the new
 * text already and the former one still, and each function takes that of its own revision. The secret is the same one
 * from deployment to deployment, so that the permission to read it never changes.
 */
export class AgentConfig extends Construct {
  /** Variables for the function. */
  public readonly environment: Readonly<Record<string, string>>;

  private readonly secret?: Secret;

  constructor(scope: Construct, id: string, { bindings, deadlineMs, reserved = {} }: AgentConfigProps) {
    super(scope, id);

    const config: RuntimeConfig = { deadlineMs, bindings };
    assertConfiguration(this, (report) => {
      checkBindings(longest(this, bindings), report);
      checkSize(shortest(this, { revision: ANY_REVISION, ...config }), report);
      checkEnvironment(shortest(this, reserved), report);
    });

    const variables = { ...longest(this, reserved), [CONFIG_VARIABLE]: JSON.stringify(longest(this, config)) };
    if (bytesOf(variables) <= MAX_ENVIRONMENT_BYTES - FREE_BYTES) {
      this.environment = { [CONFIG_VARIABLE]: Stack.of(this).toJsonString(config) };
      return;
    }

    const revision = Lazy.uncachedString({ produce: (context) => digest(context.resolve(config)) });
    const stored: StoredConfig = { revision, ...config };
    this.secret = new Secret(this, 'Secret', {
      description: 'Where the components of an agent run',
      secretStringValue: SecretValue.unsafePlainText(Stack.of(this).toJsonString(stored)),
    });
    acknowledge(this.secret, 'It says where components run, which changes with deployments alone', [
      'AwsSolutions-SMG4',
      'NIST.800.53.R5-SecretsManagerRotationEnabled',
    ]);
    this.environment = { [CONFIG_VARIABLE]: toConfigVariable({ secretId: this.secret.secretArn, revision }) };
  }

  /** Permits a function to read it. */
  public grantRead(fn: LambdaFunction): void {
    // What is in the environment needs no permission.
    if (this.secret) grantReadSecret(this, this.secret, fn);
  }
}

/** Bindings of backends that others implement have no other check. */
function checkBindings(bindings: Bindings, report: Report): void {
  for (const [name, binding] of Object.entries(bindings)) {
    for (const fault of bindingFaults('binding', binding)) report('agent/binding', `components.${name}`, fault);
  }
}

function checkSize(stored: StoredConfig, report: Report): void {
  const bytes = bytesOf(stored);
  if (bytes <= MAX_SECRET_BYTES) return;
  const sizes = Object.entries(stored.bindings).map(([name, binding]) => ({ name, bytes: bytesOf(binding) }));
  const largest = sizes.reduce((most, one) => (one.bytes > most.bytes ? one : most));
  report(
    'agent/configuration-too-large',
    'components',
    `have bindings of ${bytes} bytes, and a secret holds ${MAX_SECRET_BYTES}: ` +
      `shorten their texts, first those of ${largest.name} with ${largest.bytes} bytes`,
  );
}

/** Refuses what is certain to be too large, whatever tokens become. */
function checkEnvironment(reserved: Readonly<Record<string, string>>, report: Report): void {
  const bytes = bytesOf({ ...reserved, [CONFIG_VARIABLE]: toConfigVariable({ secretId: '', revision: ANY_REVISION }) });
  if (bytes > MAX_ENVIRONMENT_BYTES) {
    const limit = `and Lambda has ${MAX_ENVIRONMENT_BYTES} for all variables`;
    report(
      'agent/environment-too-large',
      'environment',
      `takes ${bytes} bytes with ${CONFIG_VARIABLE}, ${limit}: keep long values elsewhere, such as in SSM or S3`,
    );
  }
}

function bytesOf(value: object): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, REVISION_CHARS);
}
