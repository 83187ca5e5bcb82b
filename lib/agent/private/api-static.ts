import {
  type Integration,
  type MethodOptions,
  MockIntegration,
  Model,
  PassthroughBehavior,
} from 'aws-cdk-lib/aws-apigateway';
import { corsHeaders } from '../../../core/api/cors';

/** The most that a mapping template may have (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html). */
export const MAX_TEMPLATE_BYTES = 300 * 1024;

/** A document as a mapping template: its variables and directives begin with `$` and `#`, which JSON can write otherwise. */
export function toTemplate(document: object): string {
  return JSON.stringify(document).replaceAll('$', '\\u0024').replaceAll('#', '\\u0023');
}

/** A method that API Gateway answers itself, always with the same document. */
export function staticAnswer(template: string, corsOrigin?: string): [Integration, MethodOptions] {
  const headers = Object.entries(corsOrigin === undefined ? {} : corsHeaders(corsOrigin)).map(
    ([name, value]) => [`method.response.header.${name}`, `'${value}'`] as const,
  );
  return [
    new MockIntegration({
      // A request without a body counts as JSON; one with another type is answered 415.
      passthroughBehavior: PassthroughBehavior.NEVER,
      requestTemplates: { 'application/json': '{"statusCode": 200}' },
      integrationResponses: [
        {
          statusCode: '200',
          responseTemplates: { 'application/json': template },
          responseParameters: Object.fromEntries(headers),
        },
      ],
    }),
    {
      methodResponses: [
        {
          statusCode: '200',
          responseModels: { 'application/json': Model.EMPTY_MODEL },
          responseParameters: Object.fromEntries(headers.map(([name]) => [name, true])),
        },
      ],
    },
  ];
}
