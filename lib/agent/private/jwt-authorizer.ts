import { createHash } from 'node:crypto';
import { Duration, Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { type IAuthorizer, TokenAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import { Architecture, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { JWT_VARIABLE, type JwtSettings } from '../../../core/api/jwt-settings';
import { functionCode } from '../../private/function-code';
import { outermostStack } from '../../private/outermost-stack';
import { type JwtOptions, JwtUse } from '../jwt-options';

/** Turned away before the function is asked: what cannot be a token. */
const BEARER_TOKEN = String.raw`^[Bb]earer +[\w-]+\.[\w-]+\.[\w-]+$`;

/** How the keys of tenants begin: unlike those of any other API in the account and Region, and long enough for a key. */
export function usageKeyPrefixOf(api: Construct): string {
  // That of a nested stack is made up at its deployment.
  const name = `${outermostStack(api).stackName}/${Names.uniqueId(api)}`;
  return createHash('sha256').update(name).digest('hex').slice(0, 24);
}

/** Asks a function whether a JWT may call. The function has no permission but to write its log. */
export function jwtAuthorizer(scope: Construct, options: JwtOptions): IAuthorizer {
  const jwt = new Construct(scope, 'Jwt');
  const settings: JwtSettings = {
    issuer: options.issuer,
    audience: options.audience,
    ...(options.jwksUri !== undefined && { jwksUri: options.jwksUri }),
    tokenUse: options.tokenUse ?? JwtUse.ACCESS,
    scopes: options.scopes ?? [],
    ...(options.tenantClaim !== undefined && { tenantClaim: options.tenantClaim }),
    ...(options.tenants && { usageKeyPrefix: usageKeyPrefixOf(scope) }),
    clockToleranceSeconds: options.clockTolerance?.toSeconds() ?? 0,
  };
  const handler = new LambdaFunction(jwt, 'Function', {
    description: 'Decides which tokens may call the API',
    code: functionCode('authorizer'),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    memorySize: 512,
    // Two documents, each with a second try.
    timeout: Duration.seconds(15),
    environment: { [JWT_VARIABLE]: Stack.of(scope).toJsonString(settings) },
    logGroup: new LogGroup(jwt, 'Logs', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    }),
  });
  return new TokenAuthorizer(jwt, 'Authorizer', {
    handler,
    validationRegex: BEARER_TOKEN,
    resultsCacheTtl: options.resultsCacheTtl ?? Duration.minutes(5),
  });
}
