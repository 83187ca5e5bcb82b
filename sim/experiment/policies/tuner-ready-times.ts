import { readySeconds, STARTS_KEPT } from '../../../core/scale/ready-seconds';
import type { CopyPool } from '../../serving/copy-pool';

/** Learns how long copies take to serve, from the outside: from the desired count and the count in service. */
export class ReadyTimes {
  readonly #seconds: number[] = [];
  /** When each copy under way was asked for, in seconds, oldest first. */
  readonly #asked: number[] = [];
  #inService: number;
  #readySeconds = readySeconds([]);

  constructor(private readonly pool: CopyPool) {
    this.#inService = pool.inService;
  }

  look(nowSeconds: number): void {
    const { desired, inService } = this.pool;
    for (let ready = this.#inService; ready < inService; ready++) {
      const asked = this.#asked.shift();
      if (asked === undefined) continue;
      this.#seconds.push(nowSeconds - asked);
      if (this.#seconds.length > STARTS_KEPT) this.#seconds.shift();
      this.#readySeconds = readySeconds(this.#seconds);
    }
    this.#inService = inService;
    const underWay = Math.max(0, desired - inService);
    // The last to be asked for is the first to be taken back.
    this.#asked.splice(underWay);
    while (this.#asked.length < underWay) this.#asked.push(nowSeconds);
  }

  get readySeconds(): { readonly p75: number; readonly p90: number } {
    return this.#readySeconds;
  }
}
