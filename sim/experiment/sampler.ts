import type { Actor, Timeline } from '../kernel/timeline';
import type { World } from '../world/world';
import type { CellSeries, ComponentSeries } from './result';

interface Columns {
  readonly component: string;
  readonly inService: number[];
  readonly desired: number[];
  readonly concurrency: number[];
}

/** Looks at a world at even intervals. */
export class Sampler implements Actor {
  /** Requests since the last look. */
  requests = 0;
  readonly #atSeconds: number[] = [];
  readonly #requestsPerSecond: number[] = [];
  readonly #instances: number[] = [];
  readonly #components: readonly Columns[];

  constructor(
    private readonly world: World,
    private readonly timeline: Timeline,
    private readonly startUs: number,
    private readonly intervalUs: number,
  ) {
    this.#components = world.models.map(({ name }) => ({
      component: name,
      inService: [],
      desired: [],
      concurrency: [],
    }));
    timeline.at(startUs + intervalUs, this);
  }

  act(): void {
    const { nowUs } = this.timeline;
    this.#atSeconds.push(Math.round((nowUs - this.startUs) / 1e6));
    this.#requestsPerSecond.push(this.requests / (this.intervalUs / 1e6));
    this.#instances.push(this.world.instanceCount);
    this.requests = 0;
    this.world.models.forEach(({ pool }, at) => {
      const columns = this.#components[at]!;
      columns.inService.push(pool.inService);
      columns.desired.push(pool.desired);
      columns.concurrency.push(pool.concurrency);
    });
    this.timeline.at(nowUs + this.intervalUs, this);
  }

  series(cell: string): CellSeries {
    const components: ComponentSeries[] = this.#components.map((columns) => ({ ...columns }));
    return {
      cell,
      atSeconds: this.#atSeconds,
      requestsPerSecond: this.#requestsPerSecond,
      instances: this.#instances,
      components,
    };
  }
}
