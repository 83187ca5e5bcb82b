import type { Parts } from './parts';

/** What became of each request, in columns. A failed request has an infinite latency. */
export class RunLog {
  readonly latencyUs: Float64Array;
  readonly queueUs: Float64Array;
  readonly serviceUs: Float64Array;
  readonly coldUs: Float64Array;
  readonly retryUs: Float64Array;
  readonly orchestrationUs: Float64Array;
  /** Tokens that its calls asked for, each call once: what it was worth. */
  readonly tokens: Float64Array;
  /** Cold components one after another on the critical path. */
  readonly depth: Uint8Array;

  constructor(requests: number) {
    this.latencyUs = new Float64Array(requests).fill(Infinity);
    this.queueUs = new Float64Array(requests);
    this.serviceUs = new Float64Array(requests);
    this.coldUs = new Float64Array(requests);
    this.retryUs = new Float64Array(requests);
    this.orchestrationUs = new Float64Array(requests);
    this.tokens = new Float64Array(requests);
    this.depth = new Uint8Array(requests);
  }

  /** @param latencyUs Infinity if it failed */
  set(request: number, latencyUs: number, parts: Parts): void {
    this.latencyUs[request] = latencyUs;
    this.queueUs[request] = parts.queueUs;
    this.serviceUs[request] = parts.serviceUs;
    this.coldUs[request] = parts.coldUs;
    this.retryUs[request] = parts.retryUs;
    this.orchestrationUs[request] = parts.orchestrationUs;
    this.depth[request] = parts.depth;
  }
}
