import { AccessLogField, AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';

/**
 * One JSON document for each request: who asked for what, and how that went.
 *
 * Nothing that a request says is in it: no body, no query, and not what the validator found, which quotes values.
 */
export const ACCESS_LOG_FORMAT = AccessLogFormat.custom(
  JSON.stringify({
    requestId: AccessLogField.contextRequestId(),
    time: AccessLogField.contextRequestTimeEpoch(),
    method: AccessLogField.contextHttpMethod(),
    resource: AccessLogField.contextResourcePath(),
    status: AccessLogField.contextStatus(),
    latencyMs: AccessLogField.contextResponseLatency(),
    integrationLatencyMs: AccessLogField.contextIntegrationLatency(),
    responseBytes: AccessLogField.contextResponseLength(),
    error: AccessLogField.contextErrorResponseType(),
    sourceIp: AccessLogField.contextIdentitySourceIp(),
    userAgent: AccessLogField.contextIdentityUserAgent(),
    caller: AccessLogField.contextIdentityUserArn(),
    principal: AccessLogField.contextAuthorizerPrincipalId(),
    tenant: AccessLogField.contextAuthorizer('tenant'),
    apiKeyId: AccessLogField.contextIdentityApiKeyId(),
  }),
);
