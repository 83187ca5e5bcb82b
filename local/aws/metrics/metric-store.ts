import type { Distribution } from './distribution';
import { MetricSeries, type ResolutionSeconds } from './metric-series';

export interface Dimension {
  readonly Name: string;
  readonly Value: string;
}

/** A metric, as CloudWatch tells it apart. */
export interface MetricId {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: readonly Dimension[];
}

/** Every metric of a local stack. */
export class MetricStore {
  readonly #metrics = new Map<string, { readonly id: MetricId; readonly series: MetricSeries }>();

  get ids(): MetricId[] {
    return [...this.#metrics.values()].map(({ id }) => id);
  }

  record(id: MetricId, atMs: number, resolution: ResolutionSeconds, add: (values: Distribution) => void): void {
    const key = keyOf(id);
    const metric = this.#metrics.get(key) ?? { id, series: new MetricSeries() };
    this.#metrics.set(key, metric);
    metric.series.record(atMs, resolution, add);
  }

  find(id: MetricId): MetricSeries | undefined {
    return this.#metrics.get(keyOf(id))?.series;
  }
}

/** The order of dimensions does not matter. */
function keyOf({ Namespace, MetricName, Dimensions }: MetricId): string {
  const dimensions = Dimensions.map(({ Name, Value }) => [Name, Value]).sort(([a], [b]) => (a! < b! ? -1 : 1));
  return JSON.stringify([Namespace, MetricName, dimensions]);
}
