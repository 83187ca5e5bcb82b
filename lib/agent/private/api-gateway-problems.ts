import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import { corsHeaders } from '../../../core/api/cors';
import { MAX_BODY_BYTES } from '../../../core/api/limits';
import { PROBLEM_MEDIA_TYPE, PROBLEMS, type ProblemType, problemUri } from '../../../core/api/problems';

/** What API Gateway itself says of an error, quoted. What a validator says is left out: it is not quoted. */
const REASON = '$context.error.messageString';

/** Errors of the gateway that the agents have a name for. */
const NAMED: readonly (readonly [id: string, type: ResponseType, problem: ProblemType, detail?: string])[] = [
  [
    'InvalidInput',
    ResponseType.BAD_REQUEST_BODY,
    'invalid-input',
    'the body is no JSON document that matches the input schema, which a GET request of the agent shows',
  ],
  ['TooLarge', ResponseType.REQUEST_TOO_LARGE, 'request-too-large', `a body may have ${MAX_BODY_BYTES} bytes`],
  ['MediaType', ResponseType.UNSUPPORTED_MEDIA_TYPE, 'unsupported-media-type'],
  ['Timeout', ResponseType.INTEGRATION_TIMEOUT, 'deadline-exceeded'],
];

/** The title of a problem without a name is the phrase of its status (RFC 9457, 4.2.1). */
const UNNAMED: readonly (readonly [id: string, type: ResponseType, title: string, status?: number])[] = [
  ['Throttled', ResponseType.THROTTLED, 'Too Many Requests', 429],
  ['QuotaExceeded', ResponseType.QUOTA_EXCEEDED, 'Too Many Requests', 429],
  // Of many statuses each: the body cannot name the one.
  ['ClientError', ResponseType.DEFAULT_4XX, 'The gateway refused the request'],
  ['ServerError', ResponseType.DEFAULT_5XX, 'The gateway failed'],
];

/** Makes the gateway answer its own errors in the form in which agents answer theirs. */
export function addGatewayProblems(api: RestApi, corsOrigin?: string): void {
  const add = (id: string, type: ResponseType, body: object, status?: number) =>
    api.addGatewayResponse(id, {
      type,
      ...(status !== undefined && { statusCode: String(status) }),
      // Quoted values stand for themselves; a template is chosen by the JSON that the body is, the header says which.
      responseHeaders: quoted({
        'content-type': PROBLEM_MEDIA_TYPE,
        ...(corsOrigin !== undefined && corsHeaders(corsOrigin)),
      }),
      templates: { 'application/json': JSON.stringify(body).replace(`"${REASON}"`, REASON) },
    });

  for (const [id, type, problem, detail = REASON] of NAMED) {
    const [status, title] = PROBLEMS[problem];
    add(id, type, { type: problemUri(problem), title, status, detail }, status);
  }
  for (const [id, type, title, status] of UNNAMED) {
    add(id, type, { type: 'about:blank', title, ...(status !== undefined && { status }), detail: REASON }, status);
  }
}

function quoted(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, `'${value}'`]));
}
