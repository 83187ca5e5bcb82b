import type { Server } from '../agent/servers';
import { Autoscaler } from '../control/autoscaler';
import type { ScalingModel } from '../control/scaling-model';
import type { Host } from '../hosting/host';
import type { RandomStream } from '../kernel/random';
import { microseconds } from '../kernel/time-units';
import type { Timeline } from '../kernel/timeline';
import { CopyPool, type CopyPoolModel, type CopyRequest, type CopyState, type Refusal } from '../serving/copy-pool';
import type { Work } from '../serving/copy-profile';
import { type RoutingStrategy, routerOf } from '../serving/router';
import type { RequestListener } from '../serving/sequence';

export interface ModelComponentModel extends CopyPoolModel {
  readonly routing?: RoutingStrategy;
  /** Absent where the number of copies is fixed. */
  readonly scaling?: ScalingModel;
  /** @default no limit */
  readonly answerLimitSeconds?: number;
}

export interface ComponentState {
  readonly desiredCopies: number;
  readonly copies: readonly CopyState[];
}

/** A component that runs in copies, and what scales them. */
export class ModelComponent implements Server {
  readonly pool: CopyPool;
  /** Absent where the number of copies is fixed. */
  readonly autoscaler: Autoscaler | undefined;
  readonly answerLimitUs: number;
  /** Calls that met no copy, and calls that met none with room. */
  refused = 0;
  throttled = 0;

  constructor(
    readonly name: string,
    model: ModelComponentModel,
    host: Host,
    timeline: Timeline,
    random: RandomStream,
  ) {
    this.answerLimitUs = microseconds(model.answerLimitSeconds ?? Infinity);
    const router = routerOf(model.routing ?? 'LEAST_OUTSTANDING_REQUESTS');
    this.pool = new CopyPool(name, model, host, router, timeline, random);
    this.autoscaler = model.scaling && new Autoscaler(model.scaling, this.pool, timeline);
  }

  get warmCopies(): number {
    return this.pool.inService;
  }

  get state(): ComponentState {
    return { desiredCopies: this.pool.desired, copies: this.pool.states };
  }

  /** Whether a call may come in. One that meets no copy wakes the component. */
  admit(): 'admitted' | Refusal {
    const admission = this.pool.admit();
    if (admission === 'no-capacity') this.#refuse();
    if (admission === 'throttled') this.throttled++;
    return admission;
  }

  submit(work: Work, listener: RequestListener, key = 0.5): CopyRequest | Refusal {
    const taken = this.pool.submit(work, listener, key);
    if (taken === 'no-capacity') this.#refuse();
    else if (taken === 'throttled') this.throttled++;
    return taken;
  }

  /**
   * Sets the number of copies by hand; scaling goes on from there.
   *
   * @throws RangeError outside 0 to the maximum.
   */
  setDesiredCopies(count: number): void {
    const maxCopies = this.autoscaler?.maxCopies ?? Infinity;
    if (!(Number.isInteger(count) && count >= 0 && count <= maxCopies)) {
      throw new RangeError(`copies must be a whole number from 0 to ${maxCopies}, got: ${count}`);
    }
    this.pool.setDesired(count);
  }

  #refuse(): void {
    this.refused++;
    this.autoscaler?.onRefused();
  }
}
