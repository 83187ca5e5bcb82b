import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Copy } from '../../sim/copy';
import type { CopyProfile } from '../../sim/copy-profile';
import { VirtualClock } from '../../sim/virtual-clock';

/** Two measured runs of vLLM 0.19; the step times were fitted on the first half of each. */
const RUNS = [
  {
    folder: 'RTXPRO6000_Llama-3.1-8B',
    stepSeconds: { base: 0.0126, perPromptToken: 4.06e-5, perSequence: 6.3e-5, perContextToken: 5.43e-8 },
    goldenSeconds: { p50: 29.374, p95: 36.349, p99: 37.35 },
  },
  {
    folder: 'RTXPRO6000_Qwen3-32B',
    stepSeconds: { base: 0.0211, perPromptToken: 1.64e-4, perSequence: 9.32e-5, perContextToken: 1.95e-7 },
    goldenSeconds: { p50: 98.351, p95: 120.791, p99: 123.188 },
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
  const path = join(__dirname, '../../../shared/traces/vllm-logs', folder, 'requests.jsonl');
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
      expect(relativeError(quantileOf(replayed, quantile), golden)).toBeLessThan(0.001);
    }
    const measured = log.map((request) => request.last_token_ts - request.queued_ts);
    expect(relativeError(quantileOf(replayed, 0.95), quantileOf(measured, 0.95))).toBeLessThan(0.05);
  });
});

function readLog(path: string): LoggedRequest[] {
  const lines = readFileSync(path, 'utf8').trim().split(/\r?\n/);
  return lines.map((line): LoggedRequest => JSON.parse(line)).sort((a, b) => a.queued_ts - b.queued_ts);
}

/** End-to-end latencies of the logged arrivals on one copy, in seconds. */
function replay(log: readonly LoggedRequest[], profile: CopyProfile): number[] {
  const clock = new VirtualClock();
  const copy = new Copy(profile, clock);
  const latenciesSeconds: number[] = [];
  for (const request of log) {
    const arrivalMs = (request.queued_ts - log[0]!.queued_ts) * 1000;
    const arrive = () =>
      copy.submit(
        { promptTokens: request.input_toks, outputTokens: request.output_toks },
        { onDone: (atMs) => latenciesSeconds.push((atMs - arrivalMs) / 1000) },
      );
    clock.setTimer(arrive, arrivalMs);
  }
  clock.advance(1_000_000);
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
