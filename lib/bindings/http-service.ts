import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Binding, HttpSecret } from '../../core/graph/binding';
import type { Component } from '../../core/graph/component';
import type { ComponentBindOptions, IComponent } from '../component';
import { assertConfiguration, type Report } from '../private/checks';
import { checkShape } from '../private/shape';
import type { BindingOptions } from './binding-options';
import { checkFormat } from './private/format-checks';
import { checkHeaderName, checkHeaders, checkUrl } from './private/http-checks';
import { grantReadSecret } from './private/secret-grant';
import { HTTP_SERVICE } from './private/shapes';

/** A service that is called over HTTP. */
export interface HttpServiceProps extends BindingOptions {
  /** Base URL of an OpenAI-compatible server if the component is a chat model, else the URL to post to. */
  readonly url: string;

  /**
   * Name of the model on an OpenAI-compatible server.
   *
   * @default - the server has one model
   */
  readonly model?: string;

  /**
   * What the service knows the agent by: read when the agent runs, and again after it was rotated. A secret or a key of
   * another account must permit the agent's function itself.
   *
   * @default - the service is open to the agent
   */
  readonly secret?: ISecret;

  /**
   * Field that holds it, if the secret is a JSON object.
   *
   * @default - the whole secret
   */
  readonly secretField?: string;

  /**
   * Header that carries it.
   *
   * @default 'authorization'
   */
  readonly secretHeader?: string;

  /**
   * Word before it in the header; an empty one for none.
   *
   * @default 'Bearer', or none in a header other than authorization
   */
  readonly secretScheme?: string;

  /**
   * More headers of each call. They are readable in the template: what must stay secret belongs in `secret`.
   *
   * @default - none
   */
  readonly headers?: Readonly<Record<string, string>>;

  /**
   * Permits a URL of plain HTTP, for a service that only the agent's VPC can reach.
   *
   * @default false
   */
  readonly allowPlainHttp?: boolean;
}

/** A service behind a URL, such as a model server of your own or of another provider. */
export class HttpService implements IComponent {
  constructor(private readonly props: HttpServiceProps) {}

  public bind({ scope, grantee, component }: ComponentBindOptions): Binding {
    assertConfiguration(scope, (report) => this.check(component, report));
    const { url, model, secret, headers = {}, price } = this.props;
    if (secret) grantReadSecret(scope, secret, grantee);
    return {
      type: 'http',
      url,
      ...(model !== undefined && { model }),
      ...(Object.keys(headers).length > 0 && { headers }),
      ...(secret && { secret: this.secretOf(secret) }),
      ...(price && { price }),
    };
  }

  private check(component: Component, report: Report): void {
    checkFormat(component, 'http', report);
    if (!checkShape('binding', '', this.props, HTTP_SERVICE, report)) return;
    const { url, secret, secretField, secretHeader, headers = {}, allowPlainHttp = false } = this.props;
    checkUrl(url, allowPlainHttp, report);
    checkHeaders(headers, report);
    if (secretHeader !== undefined) checkHeaderName('secretHeader', secretHeader, report);
    if (secretField === '') {
      report(
        'binding/secret-field',
        'secretField',
        'must name a field of the secret; leave it out for the whole secret',
      );
    }
    for (const field of ['secretField', 'secretHeader', 'secretScheme'] as const) {
      if (!secret && this.props[field] !== undefined) {
        report('binding/secret-missing', field, 'says how a secret is sent, and there is none: give "secret" too');
      }
    }
  }

  private secretOf({ secretArn }: ISecret): HttpSecret {
    const { secretField, secretHeader, secretScheme } = this.props;
    return {
      secretId: secretArn,
      ...(secretField !== undefined && { field: secretField }),
      ...(secretHeader !== undefined && { header: secretHeader }),
      ...(secretScheme !== undefined && { scheme: secretScheme }),
    };
  }
}
