import { capacityFloor, type DemandHistory, NO_DEMAND, observeDemand } from '../../../core/scale';
import { componentColdStart, quantileMs, type WarmKnowledge } from '../../../core/warm';
import type { WatchedModel } from './watched-model';

/** Learns the demand of each model, minute by minute, and forecasts the copies that it asks for. */
export class Floors {
  readonly #histories: DemandHistory[];
  /** Microseconds of service since the last look. */
  readonly #servedUs: number[];

  constructor(private readonly models: readonly WatchedModel[]) {
    this.#histories = models.map(() => NO_DEMAND);
    this.#servedUs = models.map(() => 0);
  }

  served(model: number, serviceUs: number): void {
    this.#servedUs[model]! += serviceUs;
  }

  /** @param elapsedUs since the last look */
  look(nowUs: number, elapsedUs: number): void {
    this.models.forEach((_, at) => {
      this.#histories[at] = observeDemand(this.#histories[at]!, this.#servedUs[at]! / elapsedUs, nowUs / 1000);
      this.#servedUs[at] = 0;
    });
  }

  /** By component name; what its autoscaler keeps anyway is no floor. */
  copies(knowledge: WarmKnowledge, nowUs: number): Record<string, number> {
    const nowMs = nowUs / 1000;
    const floors = this.models.map(({ name, autoscaler, ownMinimum, paths }, at) => {
      const startMs = quantileMs(componentColdStart(knowledge, name, paths.afresh, nowMs), 0.9);
      const config = {
        target: autoscaler.targetConcurrency,
        readyP90Seconds: startMs / 1000,
        minCopies: 0,
        maxCopies: autoscaler.maxCopies,
      };
      const { copies } = capacityFloor(this.#histories[at]!, config, nowMs);
      return [name, copies > ownMinimum ? copies : 0] as const;
    });
    return Object.fromEntries(floors);
  }
}
