import {
  ApiKeySourceType,
  AuthorizationType,
  CognitoUserPoolsAuthorizer,
  type IApiKey,
  type IAuthorizer,
  type MethodOptions,
  type Period,
  type RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import type { IUserPool } from 'aws-cdk-lib/aws-cognito';
import type { Construct } from 'constructs';
import { usageKeyOf } from '../../core/api/jwt-settings';
import type { SecurityScheme } from '../../core/api/openapi';
import { type Report, warn } from '../private/checks';
import { checkShape } from '../private/shape';
import type { JwtOptions } from './jwt-options';
import { addTenants, checkTenants } from './private/api-tenants';
import { jwtAuthorizer, usageKeyPrefixOf } from './private/jwt-authorizer';
import { checkJwt } from './private/jwt-checks';
import { API_KEYS } from './private/shapes';

/** How many requests are let through; the others are answered 429. */
export interface ApiThrottling {
  /** Requests a second, over time. */
  readonly rateLimit: number;
  /** Requests at once, before the rate counts. */
  readonly burstLimit: number;
}

/** How many requests a tenant has in a day, week or month. */
export interface ApiQuota {
  readonly limit: number;
  readonly period: Period;
}

/** A caller with an API key of its own. */
export interface ApiTenant {
  /** Unique among the tenants: a letter, then up to 63 letters, digits, `_` or `-`. */
  readonly name: string;
  readonly throttling: ApiThrottling;
  /**
   * Requests over a longer time.
   *
   * @default - as many as the throttling allows
   */
  readonly quota?: ApiQuota;
}

export interface ApiKeysOptions {
  /**
   * Each gets a key and a usage plan, up to 100 of them. More have to be in stacks of their own, as usage plans of
   * `api.restApi.deploymentStage`.
   */
  readonly tenants: readonly ApiTenant[];
}

/** Who may call an API. */
export abstract class ApiAuthorization {
  /** AWS principals that hold the permission: see `grants.invoke()` of the API. Requests are signed with SigV4. */
  public static iam(): ApiAuthorization {
    return new IamAuthorization();
  }

  /** Users of Cognito user pools, with the identity token in the header `Authorization`. */
  public static cognito(...userPools: IUserPool[]): ApiAuthorization {
    return new CognitoAuthorization(userPools);
  }

  /**
   * Whoever has a JSON Web Token of an issuer, such as Auth0, Okta, Microsoft Entra or Amazon Cognito, in the header `Authorization`, as in
   * `Bearer eyJ...`.
   *
   * A function of this package verifies signature, issuer, audience, time, use and scopes. API Gateway keeps what it says by token.
   */
  public static jwt(options: JwtOptions): ApiAuthorization {
    return new JwtAuthorization(options);
  }

  /** Whom an authorizer of yours lets in. */
  public static custom(authorizer: IAuthorizer): ApiAuthorization {
    return new CustomAuthorization(authorizer);
  }

  /**
   * Tenants that send their key in the header `x-api-key`, each within a usage plan of its own.
   *
   * A key tells tenants apart and meters them. It is sent with each request and never expires: where that is too weak,
   * use another authorization.
   */
  public static apiKeys(options: ApiKeysOptions): ApiAuthorization {
    return new ApiKeyAuthorization(options);
  }

  /** Anybody: every request is paid for, and anybody may send as many as the throttling lets through. */
  public static openToTheInternet(): ApiAuthorization {
    return new OpenAuthorization();
  }

  /**
   * Whether the permission `execute-api:Invoke` decides.
   *
   * @internal
   */
  public readonly usesIam: boolean = false;

  /**
   * Whether callers may come with the name of their tenant, which an authorizer says.
   *
   * @internal
   */
  public get namesTenants(): boolean {
    return false;
  }

  /**
   * How the API's document tells it; undefined if that is not known, or there is nothing to tell.
   *
   * @internal
   */
  public readonly securityScheme: SecurityScheme | undefined = undefined;

  /**
   * Who names the API key of a request, if not the request itself.
   *
   * @internal
   */
  public get apiKeySourceType(): ApiKeySourceType | undefined {
    return undefined;
  }

  /** @internal */
  public check(_report: Report): void {}

  /** @internal */
  public abstract methodOptions(scope: Construct): MethodOptions;

  /**
   * Adds what the deployed API needs; the keys that it made, by tenant.
   *
   * @internal
   */
  public attach(_scope: Construct, _api: RestApi): Readonly<Record<string, IApiKey>> {
    return {};
  }
}

/** The extension is API Gateway's (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authtype.html). */
const schemeOf = (name: string, authType?: string): SecurityScheme => ({
  type: 'apiKey',
  in: 'header',
  name,
  ...(authType !== undefined && { 'x-amazon-apigateway-authtype': authType }),
});

class IamAuthorization extends ApiAuthorization {
  public override readonly usesIam = true;
  public override readonly securityScheme = schemeOf('Authorization', 'awsSigv4');

  public override methodOptions(): MethodOptions {
    return { authorizationType: AuthorizationType.IAM };
  }
}

class CustomAuthorization extends ApiAuthorization {
  public constructor(private readonly authorizer: IAuthorizer) {
    super();
  }

  /** In its context, as `tenant`. */
  public override get namesTenants(): boolean {
    return true;
  }

  public override methodOptions(): MethodOptions {
    return { authorizer: this.authorizer };
  }
}

class CognitoAuthorization extends ApiAuthorization {
  public override readonly securityScheme = schemeOf('Authorization', 'cognito_user_pools');

  public constructor(private readonly userPools: readonly IUserPool[]) {
    super();
  }

  public override check(report: Report): void {
    if (this.userPools.length === 0) {
      report('api/no-user-pools', 'authorization', 'has no user pool: give cognito() at least one');
    }
  }

  public override methodOptions(scope: Construct): MethodOptions {
    return {
      authorizer: new CognitoUserPoolsAuthorizer(scope, 'UserPools', { cognitoUserPools: [...this.userPools] }),
    };
  }
}

class OpenAuthorization extends ApiAuthorization {
  public override methodOptions(scope: Construct): MethodOptions {
    warn(
      scope,
      'api/open-to-the-internet',
      'anybody can call this API, and every call is paid for: acknowledge this, or choose another authorization',
    );
    return { authorizationType: AuthorizationType.NONE };
  }
}

class ApiKeyAuthorization extends ApiAuthorization {
  public override readonly securityScheme = schemeOf('x-api-key');

  public constructor(private readonly options: ApiKeysOptions) {
    super();
  }

  public override check(report: Report): void {
    if (checkShape('api', 'authorization', this.options, API_KEYS, report)) checkTenants(this.options.tenants, report);
  }

  public override methodOptions(): MethodOptions {
    return { authorizationType: AuthorizationType.NONE, apiKeyRequired: true };
  }

  public override attach(scope: Construct, api: RestApi): Readonly<Record<string, IApiKey>> {
    return addTenants(scope, api, this.options.tenants);
  }
}

class JwtAuthorization extends ApiAuthorization {
  public override readonly securityScheme = { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' };

  public constructor(private readonly options: JwtOptions) {
    super();
  }

  public override get namesTenants(): boolean {
    return this.options.tenantClaim !== undefined;
  }

  /** Only the authorizer names the key of a tenant: what a caller sends for one does not count. */
  public override get apiKeySourceType(): ApiKeySourceType | undefined {
    return this.options.tenants && ApiKeySourceType.AUTHORIZER;
  }

  public override check(report: Report): void {
    checkJwt(this.options, report);
  }

  public override methodOptions(scope: Construct): MethodOptions {
    return {
      authorizer: jwtAuthorizer(scope, this.options),
      ...(this.options.tenants && { apiKeyRequired: true }),
    };
  }

  public override attach(scope: Construct, api: RestApi): Readonly<Record<string, IApiKey>> {
    const { tenants } = this.options;
    if (tenants === undefined) return {};
    const prefix = usageKeyPrefixOf(scope);
    return addTenants(scope, api, tenants, (tenant) => usageKeyOf(prefix, tenant));
  }
}
