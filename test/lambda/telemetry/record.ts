import type { CallRecord, NodeRecord, RunRecord } from '../../../core/run';

export const callOf = (overrides: Partial<CallRecord> = {}): CallRecord => ({
  startMs: 0,
  endMs: 100,
  attempts: 1,
  waitMs: 0,
  coldMs: 0,
  costUsd: 0,
  ...overrides,
});

export const nodeOf = (overrides: Partial<NodeRecord> = {}): NodeRecord => ({
  status: 'succeeded',
  startMs: 0,
  endMs: 100,
  calls: [callOf()],
  ...overrides,
});

export const recordOf = (overrides: Partial<RunRecord> = {}): RunRecord => ({
  graph: 'support',
  status: 'succeeded',
  wallMs: 250.4,
  nodes: {},
  criticalPath: Object.keys(overrides.nodes ?? {}),
  criticalPathMs: 250,
  overheadMs: 0.4,
  costUsd: 0.002,
  usage: { inputTokens: 12, outputTokens: 34 },
  ...overrides,
});
