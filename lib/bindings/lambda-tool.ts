import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Binding } from '../../core/graph/binding';
import type { ComponentBindOptions, IComponent } from '../component';
import { assertConfiguration } from '../private/checks';
import { checkShape } from '../private/shape';
import type { BindingOptions } from './binding-options';
import { FUNCTION_INVOKE_PERMS } from './perms';
import { checkFormat } from './private/format-checks';
import { regionElsewhere } from './private/region';
import { BINDING_OPTIONS } from './private/shapes';

/** A Lambda function: gets the input of the component as its event, and returns the output. */
export class LambdaTool implements IComponent {
  /** A function, or one version or alias of it. Of another account's function that account must permit the calls. */
  public static fromFunction(fn: IFunction, options: BindingOptions = {}): LambdaTool {
    return new LambdaTool(fn, options);
  }

  /** Permits others to call it. */
  public readonly grants: LambdaToolGrants;

  /** What is called. */
  public readonly function: IFunction;

  private constructor(
    fn: IFunction,
    private readonly options: BindingOptions,
  ) {
    this.function = fn;
    this.grants = LambdaToolGrants.fromFunction(fn);
  }

  public bind({ scope, grantee, component }: ComponentBindOptions): Binding {
    assertConfiguration(scope, (report) => {
      checkFormat(component, 'lambda', report);
      checkShape('binding', '', this.options, BINDING_OPTIONS, report);
    });
    this.grants.invoke(grantee);
    return {
      type: 'lambda',
      functionName: this.function.functionArn,
      ...regionElsewhere(scope, this.function.env.region),
      ...(this.options.price && { price: this.options.price }),
    };
  }
}

/** Permissions on a function, or on one version or alias of it. */
export class LambdaToolGrants {
  /** Those on exactly the function, version or alias. */
  public static fromFunction(fn: IFunction): LambdaToolGrants {
    return new LambdaToolGrants(fn);
  }

  private constructor(private readonly fn: IFunction) {}

  /** Permits to call it: `IFunction.grantInvoke` would also permit every version and alias. */
  public invoke(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({ grantee, actions: FUNCTION_INVOKE_PERMS, resourceArns: [this.fn.functionArn] });
  }
}
