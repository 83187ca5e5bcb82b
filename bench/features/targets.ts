import type { DagId } from '../dags.ts';
import { rowOf } from '../rows.ts';
import { median } from '../statistics.ts';
import type { Target } from '../targets.ts';
import { addedFirstMs, heapBytesPerToken, heapGrowthMiB } from './door/summary.ts';
import type { FeatureExtent, FeatureFigures } from './figures.ts';
import { FEATURES } from './idle.ts';

export const MODELS: Readonly<Record<string, string>> = {
  http: 'HTTP',
  sagemaker: 'SageMaker',
  bedrock: 'Bedrock Converse',
};

export function featureTargets({ idle, planner, door }: FeatureFigures, { load }: FeatureExtent['door']): Target[] {
  const rows = idle.map(rowOf);
  const row = (dag: DagId) => rows.find((each) => each.engine === FEATURES.id && each.dag === dag);
  const many = `${load.streams} streams`;
  return [
    { promise: 'per node, chain of 10', measured: row('chain')?.usPerNode ?? undefined, limit: 8, unit: 'µs' },
    { promise: 'per node, layered', measured: row('layered')?.usPerNode ?? undefined, limit: 8, unit: 'µs' },
    {
      promise: 'skewed diamond beside its critical path',
      measured: row('skewed')?.criticalPathRatio ?? undefined,
      limit: 1.06,
      unit: '×',
    },
    {
      promise: 'timed layered beside its critical path',
      measured: row('timed')?.criticalPathRatio ?? undefined,
      limit: 1.05,
      unit: '×',
    },
    ...door.latencies.map((latency) => ({
      promise: `later first token, ${MODELS[latency.agent]}, p50`,
      measured: addedFirstMs(latency).p50Ms,
      limit: 3,
      unit: 'ms',
    })),
    {
      promise: `heap per token while ${many} flow`,
      measured: median(door.load.map(heapBytesPerToken)),
      limit: 100,
      unit: 'B',
    },
    {
      promise: `heap after the last round of ${many} beside the first`,
      measured: heapGrowthMiB(door.load),
      limit: 1,
      unit: 'MiB',
    },
    ...planner.map(({ tasks, firstMaxMs }) => ({
      promise: `first call of a plan of ${tasks}, at most`,
      measured: firstMaxMs,
      limit: 5,
      unit: 'ms',
    })),
  ];
}
