/** Where the time along a path went, in microseconds. */
export class Parts {
  queueUs = 0;
  serviceUs = 0;
  coldUs = 0;
  retryUs = 0;
  orchestrationUs = 0;
  /** Cold components one after another. */
  depth = 0;

  from(other: Parts): this {
    this.queueUs = other.queueUs;
    this.serviceUs = other.serviceUs;
    this.coldUs = other.coldUs;
    this.retryUs = other.retryUs;
    this.orchestrationUs = other.orchestrationUs;
    this.depth = other.depth;
    return this;
  }
}
