import type { Refusal, Request } from '../serving/copy-pool';
import type { Work } from '../serving/copy-profile';
import type { RequestListener } from '../serving/sequence';

/** What answers the calls to a component. */
export interface Server {
  /** Copies that serve; Infinity for what is always there. */
  readonly warmCopies: number;
  /** After so long the service ends a try that has not answered; Infinity for no such limit. */
  readonly answerLimitUs: number;
  /**
   * Takes a call, or says why not.
   *
   * @param key uniform in (0, 1), the call's own: whatever is drawn for it is drawn from this
   */
  submit(work: Work, listener: RequestListener, key: number): Request | Refusal;
}
