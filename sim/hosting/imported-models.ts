import { microseconds } from '../kernel/time-units';
import type { Timeline } from '../kernel/timeline';
import type { ComputeNeeds, Host, Place } from './host';

/** What Bedrock bills and keeps of an imported model. */
export interface ImportedModelHosting {
  /** Custom model units of one copy (`GetImportedModel`). */
  readonly unitsPerCopy: number;
  readonly pricePerUnitMinuteUsd: number;
  /** Weights without a running copy are evicted after "normally one hour" (re:Post). */
  readonly evictAfterSeconds: number;
}

/** Copies are billed in windows of 5 minutes, from their first successful call (Bedrock pricing page). */
const WINDOW_US = 5 * 60e6;

interface Bill {
  readonly fromUs: number;
  toUs: number;
}

/** Where the copies of one imported model run: out of sight, billed by the copy. */
export class ImportedModelHost implements Host {
  readonly #bills: Bill[] = [];
  /** Copies that have the weights: those in service. */
  #serving = 0;
  #emptySinceUs = -Infinity;
  #everHadWeights = false;

  constructor(
    private readonly hosting: ImportedModelHosting,
    private readonly timeline: Timeline,
  ) {}

  place(_component: string, _needs: ComputeNeeds, onPlaced: (place: Place) => void): () => void {
    onPlaced(this.#newPlace());
    return () => {};
  }

  placeStarted(): Place {
    this.#everHadWeights = true;
    return this.#newPlace();
  }

  costUsd(fromUs: number, toUs: number): number {
    const { unitsPerCopy, pricePerUnitMinuteUsd } = this.hosting;
    const windowUsd = unitsPerCopy * pricePerUnitMinuteUsd * (WINDOW_US / 60e6);
    return this.#bills.reduce((sum, bill) => sum + windowUsd * windowsBetween(bill, fromUs, toUs), 0);
  }

  #newPlace(): Place {
    const { nowUs } = this.timeline;
    const isKept = nowUs < this.#emptySinceUs + microseconds(this.hosting.evictAfterSeconds);
    const hasWeights = this.#everHadWeights && (this.#serving > 0 || isKept);
    let isServing = false;
    let bill: Bill | undefined;
    return {
      upAtUs: nowUs,
      hasImage: true,
      hasWeights,
      inService: () => {
        isServing = true;
        this.#serving++;
        this.#everHadWeights = true;
      },
      firstServed: () => {
        if (bill) return;
        bill = { fromUs: this.timeline.nowUs, toUs: Infinity };
        this.#bills.push(bill);
      },
      leave: () => {
        if (bill) bill.toUs = this.timeline.nowUs;
        if (isServing && --this.#serving === 0) this.#emptySinceUs = this.timeline.nowUs;
      },
      onEvict: () => {},
    };
  }
}

/** Windows that begin between two moments; each is billed whole. */
function windowsBetween({ fromUs, toUs }: Bill, sinceUs: number, untilUs: number): number {
  const until = Math.min(toUs, untilUs);
  if (until <= fromUs) return 0;
  const begun = (atUs: number) => Math.max(0, Math.ceil((atUs - fromUs) / WINDOW_US));
  return begun(until) - begun(Math.min(sinceUs, until));
}
