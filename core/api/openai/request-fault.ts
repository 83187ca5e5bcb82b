/** A request that the OpenAI-compatible door refuses. The message quotes nothing that was said. */
export class RequestFault extends Error {
  override readonly name = 'RequestFault';

  constructor(
    message: string,
    /** The field, as in `messages[2].content`. */
    readonly param: string,
    /** A word for programs. */
    readonly code: 'invalid_value' | 'unsupported_value' | 'unsupported_parameter' | 'missing_required_parameter',
  ) {
    super(`${param} ${message}`);
  }
}
