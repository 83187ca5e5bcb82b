import { App, Stack, type StackProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { z } from 'zod';
import { type Component, model, tool } from '../../../core/graph';
import type { Binding } from '../../../core/graph/binding';
import type { IComponent } from '../../../lib/component';
import { ConfigurationError } from '../../../lib/errors';

export const chat = model('writer', { format: 'converse' });
export const openAiChat = model('writer');
export const search = tool('search', { input: z.any(), output: z.any() });

const VALIDATION = { '@aws-cdk/core:validateAgainstDefaultRules': true };

/** A stack with a function that calls components. */
export class Binder {
  readonly stack: Stack;
  readonly caller: LambdaFunction;
  #count = 0;

  constructor(props: StackProps = { env: { account: '111122223333', region: 'us-east-1' } }) {
    this.stack = new Stack(new App({ context: VALIDATION }), 'Test', props);
    this.caller = this.function('Caller');
  }

  function(id: string): LambdaFunction {
    return new LambdaFunction(this.stack, id, {
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromInline('exports.handler = () => {};'),
    });
  }

  /** The binding, as CloudFormation gets it. */
  bind(backend: IComponent, component: Component = chat, isStreamed = false): Binding {
    const scope = new Construct(this.stack, `Component${this.#count++}`);
    return this.stack.resolve(backend.bind({ scope, grantee: this.caller, component, isStreamed }));
  }

  /** The faults of a component that cannot be bound so, one a line. */
  faults(backend: IComponent, component: Component = chat): string[] {
    try {
      this.bind(backend, component);
    } catch (error) {
      if (error instanceof ConfigurationError)
        return error.faults.map(({ id, field, message }) => `[${id}] ${field}: ${message}`);
      throw error;
    }
    return [];
  }

  template(): Template {
    return Template.fromStack(this.stack);
  }

  /** What the caller may do, statement by statement. */
  statements(): object[] {
    const policies = Object.values(this.template().findResources('AWS::IAM::Policy'));
    return policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
  }
}

export const PARTITION = { Ref: 'AWS::Partition' };

/** An ARN as the template joins it. */
export const arn = (...parts: unknown[]) => ({ 'Fn::Join': ['', parts] });
