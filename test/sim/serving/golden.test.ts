import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Actor, Timeline } from '../../../sim/kernel/timeline';
import { Copy } from '../../../sim/serving/copy';
import type { CopyProfile } from '../../../sim/serving/copy-profile';

/** Two measured runs of vLLM 0.19; the step times were fitted on the first half of each. */
const RUNS = [
  {
    folder: 'RTXPRO6000_Llama-3.1-8B',
    stepSeconds: { base: 0.0126, perPromptToken: 4.06e-5, perSequence: 6.3e-5, perContextToken: 5.43e-8 },
    goldenSeconds: { p50: 29.40684, p95: 36.35531, p99: 37.38676 },
  },
  {
    folder: 'RTXPRO6000_Qwen3-32B',
    stepSeconds: { base: 0.0211, perPromptToken: 1.64e-4, perSequence: 9.32e-5, perContextToken: 1.95e-7 },
    goldenSeconds: { p50: 98.56927, p95: 121.05831, p99: 123.45784 },
  },
];

interface LoggedRequest {
  readonly input_toks: number;
  readonly output_toks: number;
  readonly queued_ts: number;
  readonly last_token_ts: number;
}

describe.each(RUNS)('$folder', ({ folder, stepSeconds, goldenSeconds }) => {
  // The logs are no part of the project.
  const path = join(__dirname, '../../../../shared/traces/vllm-logs', folder, 'requests.jsonl');
  const whenLogged = existsSync(path) ? test : test.skip;

  whenLogged('replaying the log gives the golden latencies, close to the measured P95', () => {
    const log = readLog(path);
    const copy = { stepSeconds, maxSequences: 128, maxStepTokens: 2048, kvCacheTokens: Infinity };
    const replayed = replay(log, copy);
    expect(replayed).toHaveLength(log.length);

    for (const [quantile, golden] of [
      [0.5, goldenSeconds.p50],
      [0.95, goldenSeconds.p95],
      [0.99, goldenSeconds.p99],
    ] as const) {
      expect(relativeError(quantileOf(replayed, quantile), golden)).toBeLessThan(1e-5);
    }
    const measured = log.map((request) => request.last_token_ts - request.queued_ts);
    expect(relativeError(quantileOf(replayed, 0.95), quantileOf(measured, 0.95))).toBeLessThan(0.02);
  });
});

function readLog(path: string): LoggedRequest[] {
  const lines = readFileSync(path, 'utf8').trim().split(/\r?\n/);
  return lines.map((line): LoggedRequest => JSON.parse(line)).sort((a, b) => a.queued_ts - b.queued_ts);
}

/** End-to-end latencies of the logged arrivals on one copy, in seconds. */
function replay(log: readonly LoggedRequest[], profile: CopyProfile): number[] {
  const timeline = new Timeline();
  const copy = new Copy(profile, timeline);
  const latenciesSeconds: number[] = [];
  const client: Actor = {
    act: (at) => {
      const arrivalUs = timeline.nowUs;
      const { input_toks, output_toks } = log[at]!;
      const onDone = (atUs: number) => latenciesSeconds.push((atUs - arrivalUs) / 1e6);
      copy.submit({ promptTokens: input_toks, outputTokens: output_toks }, { onDone });
    },
  };
  log.forEach(({ queued_ts }, at) => {
    timeline.at(Math.round((queued_ts - log[0]!.queued_ts) * 1e6), client, at);
  });
  timeline.advanceTo(1e9);
  return latenciesSeconds;
}

function quantileOf(values: readonly number[], quantile: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = quantile * (sorted.length - 1);
  const below = Math.floor(rank);
  const next = sorted[below + 1] ?? sorted[below]!;
  return sorted[below]! + (rank - below) * (next - sorted[below]!);
}

const relativeError = (value: number, expected: number) => Math.abs(value / expected - 1);
