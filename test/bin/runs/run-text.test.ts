import { runText } from '../../../bin/runs/run-text';
import { nodeOf, recordOf } from '../../lambda/telemetry/record';

const run = {
  version: 1,
  runId: 'run-1',
  timestamp: '2026-11-23T10:00:00.000Z',
  record: recordOf({ nodes: { answer: nodeOf() } }),
} as const;

test('a run says where the prices are from by which its cost was computed, each source once', () => {
  const text = runText({
    ...run,
    priceSources: {
      planner: 'https://prices.example (2026-11)',
      judge: 'binding',
      writer: 'https://prices.example (2026-11)',
    },
  });
  expect(text.split('\n').filter((line) => line.startsWith('prices'))).toEqual([
    'prices of planner, writer: https://prices.example (2026-11)',
    'prices of judge: binding',
  ]);
  expect(runText(run)).not.toContain('prices');
});
