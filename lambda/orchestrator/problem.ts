import type { TenantLimits } from '../../core/admission';
import { PROBLEMS, type ProblemType, problemUri } from '../../core/api/problems';

/** One field that is wrong. */
export interface FieldProblem {
  /** As in `queries[2].text`; empty for the document itself. */
  readonly field: string;
  readonly detail: string;
}

/** An answer stays an answer, however much is wrong with a request: names and faults without end are cut. */
export const MAX_FIELD_PROBLEMS = 20;
const MAX_DETAIL_CHARS = 1_000;
const MAX_FIELD_CHARS = 200;

export interface ProblemDetails {
  readonly runId?: string;
  /** The node that failed, and the item of a map, as in `facts[3]`. */
  readonly node?: string;
  /** Which limit a tenant has reached. */
  readonly limit?: keyof TenantLimits;
  /** When to ask again; the header `retry-after` says it too, where there is one. */
  readonly retryAfterSeconds?: number;
  readonly errors?: readonly FieldProblem[];
}

/**
 * An answer of type `application/problem+json`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export class Problem extends Error {
  override readonly name = 'Problem';

  readonly headers: Readonly<Record<string, string>>;

  constructor(
    readonly type: ProblemType,
    detail: string,
    readonly details: ProblemDetails = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
    const { retryAfterSeconds } = details;
    this.headers = { ...headers, ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }) };
  }

  get status(): number {
    return PROBLEMS[this.type][0];
  }

  toJSON(): object {
    const [status, title] = PROBLEMS[this.type];
    const { errors, ...details } = this.details;
    return {
      type: problemUri(this.type),
      title,
      status,
      detail: cut(this.message, MAX_DETAIL_CHARS),
      ...details,
      ...(errors && {
        errors: errors.slice(0, MAX_FIELD_PROBLEMS).map(({ field, detail }) => ({
          field: cut(field, MAX_FIELD_CHARS),
          detail: cut(detail, MAX_FIELD_CHARS),
        })),
      }),
    };
  }
}

function cut(text: string, maxChars: number): string {
  return text.length > maxChars ? `${text.slice(0, maxChars - 1)}…` : text;
}
