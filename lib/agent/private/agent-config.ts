import { createHash } from 'node:crypto';
import { type CfnResource, Lazy, Names, Stack } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { ParameterTier, StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { CONFIG_VARIABLE, type RuntimeConfig, toConfigVariable } from '../../../core/api/config-variable';
import type { Binding, Bindings } from '../../../core/graph/binding';
import { bindingFaults } from '../../../core/graph/binding-faults';
import { assertConfiguration, known, type Report } from '../../private/checks';
import { longest } from './longest-text';

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

/** A binding as it may at most become, and its bytes: with braces of its own, where it needs but a comma among others. */
interface SizedBinding {
  readonly name: string;
  readonly longest: Binding;
  readonly bytes: number;
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

/** Of the part of the path that changes with everything below it. */
const REVISION_CHARS = 12;

/**
 * Of a parameter of the standard tier, which is free.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html
 */
const MAX_PARAMETER_BYTES = 4_096;

const READ_PERMS = ['ssm:GetParametersByPath'];

/** The configuration of an agent's function: in its environment if it fits there, else in SSM parameters. */
export class AgentConfig extends Construct {
  /** Variables for the function. */
  public readonly environment: Readonly<Record<string, string>>;

  private readonly path: string;

  private readonly parameters: readonly StringParameter[];

  constructor(scope: Construct, id: string, { bindings, deadlineMs, reserved = {} }: AgentConfigProps) {
    super(scope, id);

    const sized = Object.entries(bindings).map(([name, binding]) => {
      const longestBinding = longest(this, binding);
      return { name, longest: longestBinding, bytes: bytesOf({ [name]: longestBinding }) };
    });
    const mostBytes = MAX_PARAMETER_BYTES - bytesOf(longest(this, { deadlineMs, bindings: {} }));
    this.path = `/compound/${Names.uniqueResourceName(this, { maxLength: 200, separator: '-', allowedSpecialCharacters: '-' })}`;
    const parts = split(sized, mostBytes).map(
      (part, index): RuntimeConfig => ({
        ...(index === 0 && { deadlineMs }),
        bindings: Object.fromEntries(part.map(({ name }) => [name, bindings[name]!])),
      }),
    );
    const parametersAt = (revision: string) =>
      toConfigVariable({ path: `${this.path}/${revision}`, count: parts.length });
    assertConfiguration(this, (report) => {
      check(sized, mostBytes, report);
      checkEnvironment(reserved, parametersAt('x'.repeat(REVISION_CHARS)), report);
    });

    const config: RuntimeConfig = { deadlineMs, bindings };
    const variables = { ...longest(this, reserved), [CONFIG_VARIABLE]: JSON.stringify(longest(this, config)) };
    if (bytesOf(variables) <= MAX_ENVIRONMENT_BYTES - FREE_BYTES) {
      this.parameters = [];
      this.environment = { [CONFIG_VARIABLE]: Stack.of(this).toJsonString(config) };
      return;
    }

    // A change makes new parameters, and CloudFormation removes the former ones when no function reads them any more.
    const revision = Lazy.uncachedString({ produce: (context) => digest(context.resolve(parts)) });
    this.parameters = parts.map(
      (part, index) =>
        new StringParameter(this, `Part${index}`, {
          parameterName: `${this.path}/${revision}/${index}`,
          simpleName: false,
          description: 'Where components of an agent run',
          stringValue: Stack.of(this).toJsonString(part),
          tier: ParameterTier.STANDARD,
        }),
    );
    this.environment = { [CONFIG_VARIABLE]: parametersAt(revision) };
  }

  /** Permits a function to read it, and deploys the function after what it reads. */
  public grantRead(fn: LambdaFunction): void {
    // What is in the environment needs neither.
    if (this.parameters.length === 0) return;
    // Every revision: while a deployment goes on, the former function still reads its own.
    const resourceName = `${this.path.slice(1)}/*`;
    const revisions = Stack.of(this).formatArn({ service: 'ssm', resource: 'parameter', resourceName });
    Grant.addToPrincipal({ grantee: fn, actions: READ_PERMS, resourceArns: [revisions] });
    // Of the function alone: what is bound may belong to a key whose policy names its role.
    const resource = fn.node.defaultChild as CfnResource;
    for (const { node } of this.parameters) resource.addResourceDependency(node.defaultChild as CfnResource);
  }
}

/** Bindings of backends that others implement have no other check. */
function check(sized: readonly SizedBinding[], mostBytes: number, report: Report): void {
  for (const { name, longest, bytes } of sized) {
    const field = `components.${name}`;
    for (const fault of bindingFaults('binding', longest)) report('agent/binding', field, fault);
    if (bytes > mostBytes) {
      const limit = `and an SSM parameter holds ${mostBytes}`;
      report('agent/binding-too-large', field, `has a binding of up to ${bytes} bytes, ${limit}: shorten its texts`);
    }
  }
}

/** Refuses what is certain to be too large, whatever tokens become. */
function checkEnvironment(reserved: Readonly<Record<string, string>>, variable: string, report: Report): void {
  const least = Object.entries(reserved).map(([name, value]) => [name, known(value) ?? '']);
  const bytes = bytesOf({ ...Object.fromEntries(least), [CONFIG_VARIABLE]: variable });
  if (bytes > MAX_ENVIRONMENT_BYTES) {
    const limit = `and Lambda has ${MAX_ENVIRONMENT_BYTES} for all variables`;
    report(
      'agent/environment-too-large',
      'environment',
      `takes ${bytes} bytes with ${CONFIG_VARIABLE}, ${limit}: keep long values elsewhere, such as in SSM or S3`,
    );
  }
}

/** Each binding goes to the first part with room for it. */
function split(sized: readonly SizedBinding[], mostBytes: number): SizedBinding[][] {
  const parts: SizedBinding[][] = [];
  for (const binding of sized) {
    const part = parts.find((part) => sum(part) + binding.bytes <= mostBytes);
    if (part) part.push(binding);
    else parts.push([binding]);
  }
  return parts;
}

function sum(sized: readonly SizedBinding[]): number {
  return sized.reduce((total, { bytes }) => total + bytes, 0);
}

function bytesOf(value: object): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, REVISION_CHARS);
}
