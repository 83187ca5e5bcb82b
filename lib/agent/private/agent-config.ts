import { createHash } from 'node:crypto';
import { type CfnResource, Lazy, Names, Stack } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { ParameterTier, StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import type { Binding, Bindings } from '../../../core/graph/binding';
import { bindingFaults } from '../../../core/graph/binding-faults';
import { assertConfiguration, type Report } from '../../private/checks';
import { longest } from './longest-text';

/** What a deployment adds to a graph. */
export interface AgentConfigProps {
  /** Where the components run, by name; may hold tokens. */
  readonly bindings: Bindings;
  readonly deadlineMs: number;
}

/** A part of the configuration, as the runtime reads it. */
interface Part {
  readonly deadlineMs?: number;
  readonly bindings: Readonly<Record<string, Binding>>;
}

/** A binding, and the most bytes that it takes: with braces of its own, where it needs but a comma among others. */
interface SizedBinding {
  readonly name: string;
  readonly binding: Binding;
  readonly bytes: number;
}

/** Names the configuration to the runtime. */
const VARIABLE = 'COMPOUND_CONFIG';

/**
 * All variables of a function share 4 KB, and some are the user's.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const MAX_INLINE_BYTES = 2_560;

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

  constructor(scope: Construct, id: string, { bindings, deadlineMs }: AgentConfigProps) {
    super(scope, id);

    const sized = Object.entries(bindings).map(([name, binding]) => ({
      name,
      binding,
      bytes: bytesOf({ [name]: longest(this, binding) }),
    }));
    const emptyBytes = bytesOf({ deadlineMs, bindings: {} });
    assertConfiguration(this, (report) => check(sized, MAX_PARAMETER_BYTES - emptyBytes, report));
    this.path = `/compound/${Names.uniqueResourceName(this, { maxLength: 200, separator: '-', allowedSpecialCharacters: '-' })}`;
    if (emptyBytes + sum(sized) <= MAX_INLINE_BYTES) {
      this.parameters = [];
      this.environment = { [VARIABLE]: Stack.of(this).toJsonString({ deadlineMs, bindings }) };
      return;
    }

    const parts = split(sized, MAX_PARAMETER_BYTES - emptyBytes).map(
      (part, index): Part => ({
        ...(index === 0 && { deadlineMs }),
        bindings: Object.fromEntries(part.map(({ name, binding }) => [name, binding])),
      }),
    );
    this.parameters = parts.map(
      (part, index) =>
        new StringParameter(this, `Part${index}`, {
          parameterName: `${this.path}/${index}`,
          description: 'Where components of an agent run',
          stringValue: Stack.of(this).toJsonString(part),
          tier: ParameterTier.STANDARD,
        }),
    );
    // Changes with the parameters, so that Lambda replaces the environments that have read them.
    const revision = Lazy.uncachedString({ produce: (context) => digest(context.resolve(parts)) });
    this.environment = { [VARIABLE]: `ssm:${this.path}/#${revision}` };
  }

  /** Permits a function to read it, and deploys the function after what it reads. */
  public grantRead(fn: LambdaFunction): void {
    // What is in the environment needs neither.
    if (this.parameters.length === 0) return;
    const path = Stack.of(this).formatArn({ service: 'ssm', resource: 'parameter', resourceName: this.path.slice(1) });
    Grant.addToPrincipal({ grantee: fn, actions: READ_PERMS, resourceArns: [path] });
    // Of the function alone: what is bound may belong to a key whose policy names its role.
    const resource = fn.node.defaultChild as CfnResource;
    for (const { node } of this.parameters) resource.addResourceDependency(node.defaultChild as CfnResource);
  }
}

/** Bindings of backends that others implement have no other check. */
function check(sized: readonly SizedBinding[], mostBytes: number, report: Report): void {
  for (const { name, binding, bytes } of sized) {
    const field = `components.${name}`;
    for (const fault of bindingFaults('binding', binding)) report('agent/binding', field, fault);
    if (bytes > mostBytes) {
      const limit = `and an SSM parameter holds ${mostBytes}`;
      report('agent/binding-too-large', field, `has a binding of up to ${bytes} bytes, ${limit}: shorten its texts`);
    }
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
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12);
}
