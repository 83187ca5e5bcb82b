import { stat } from 'node:fs/promises';
import { basename, parse } from 'node:path';
import { type EngineLimits, type FittedProfile, fitProfile, MIN_REQUESTS } from '../../sim/profiles/fit';
import type { LatencyErrors, ReplayErrors } from '../../sim/profiles/latency-errors';
import { formatProfile, type MeasuredProfile } from '../../sim/profiles/profile-file';
import { type RequestLog, readRequestLog } from '../../sim/profiles/request-log';
import { Progress } from '../progress';
import { textOf } from '../text-of';
import { readArguments, readCount, UsageError } from '../usage';
import { writeOutput } from '../write-output';

/** Of the scheduler of vLLM (`vllm/config/scheduler.py`); on large GPUs `vllm serve` raises them, and prints them. */
const VLLM_MAX_SEQUENCES = '128';
const VLLM_MAX_STEP_TOKENS = '2048';

/** Fits a copy profile to a request log: the errors on its held-back half tell what the profile is worth. */
export async function profile(args: string[]): Promise<void> {
  const { positionals, values } = readArguments({
    args,
    allowPositionals: true,
    options: {
      out: { type: 'string' },
      'max-sequences': { type: 'string', default: VLLM_MAX_SEQUENCES },
      'max-step-tokens': { type: 'string', default: VLLM_MAX_STEP_TOKENS },
      'kv-cache-tokens': { type: 'string' },
      'skip-bad': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const [path] = positionals;
  if (path === undefined || positionals.length > 1) throw new UsageError('name one log: compound profile requests.csv');
  const kvCacheTokens = values['kv-cache-tokens'];
  const limits: EngineLimits = {
    maxSequences: readCount('--max-sequences', values['max-sequences']),
    maxStepTokens: readCount('--max-step-tokens', values['max-step-tokens']),
    kvCacheTokens: kvCacheTokens === undefined ? Infinity : readCount('--kv-cache-tokens', kvCacheTokens),
  };
  if (limits.maxStepTokens < limits.maxSequences) {
    throw new UsageError(
      `--max-step-tokens must be at least --max-sequences ${limits.maxSequences}, got: ${limits.maxStepTokens}`,
    );
  }

  const progress = new Progress(process.stderr);
  const log = await readLog(path, values['skip-bad']);
  if (log.firstFault !== undefined) {
    progress.line(`skipped bad lines: ${log.skippedLines}, the first: ${log.firstFault}`);
  }
  if (log.requests.length < MIN_REQUESTS) {
    throw new Error(`${path} has ${log.requests.length} requests, and a fit needs at least ${MIN_REQUESTS}; log more`);
  }
  const fitted = fitProfile(log.requests, limits, (replays, leastLoss) =>
    progress.status(`fitting ${log.requests.length} requests … replay ${replays}, loss ${leastLoss.toFixed(4)}`),
  );
  progress.status('');

  const measured = asMeasured(path, log, fitted);
  process.stdout.write(values.json ? formatProfile(measured) : describe(measured));
  if (values.out !== undefined) {
    await writeOutput('--out', values.out, formatProfile(measured));
    progress.line(`wrote ${values.out}`);
  }
}

async function readLog(path: string, skipBad: boolean): Promise<RequestLog> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new UsageError(`there is no file ${path}`);
  if (!found.isFile()) throw new UsageError(`${path} is no file; name the log itself`);
  return readRequestLog(textOf(path), path, { skipBad });
}

function asMeasured(path: string, { requests }: RequestLog, { copy, training, heldBack, warnings }: FittedProfile) {
  const measured: MeasuredProfile = {
    schemaVersion: 1,
    name: parse(basename(path, '.gz')).name,
    copy,
    provenance: {
      source: `${basename(path)}, ${requests.length} requests`,
      fittedOn: `the ${training.requests} requests that arrived first`,
      training,
      heldBack,
      warnings,
    },
  };
  return measured;
}

function describe({ name, copy, provenance }: MeasuredProfile): string {
  const { base, perPromptToken, perSequence, perContextToken } = copy.stepSeconds;
  const { training, heldBack, warnings } = provenance;
  return `${[
    `${name}: a step takes`,
    `  ${micros(base)}`,
    `  ${micros(perPromptToken)} per prompt token`,
    `  ${micros(perSequence)} per decoding sequence`,
    `  ${micros(perContextToken)} per token of their context`,
    `  up to ${copy.maxSequences} sequences and ${copy.maxStepTokens} tokens, KV cache of ${
      copy.kvCacheTokens === Infinity ? 'unknown size' : `${copy.kvCacheTokens} tokens`
    }`,
    '',
    ['error'.padEnd(32), ...['P50', 'P95', 'P99', 'MAPE'].map((column) => column.padStart(8))].join(''),
    ...errorRows('fitted half', training),
    ...errorRows('held-back half', heldBack),
    ...(warnings.length > 0 ? ['', ...warnings.map((warning) => `warning: ${warning}`)] : []),
  ].join('\n')}\n`;
}

function errorRows(half: string, errors: ReplayErrors | undefined): string[] {
  if (!errors) return [];
  const row = (latency: string, { p50, p95, p99, mape }: LatencyErrors) =>
    [`${half}, ${latency}`.padEnd(32), ...[signed(p50), signed(p95), signed(p99), percent(mape)]]
      .map((cell, i) => (i === 0 ? cell : cell.padStart(8)))
      .join('');
  return [row('end to end', errors.endToEnd), row('first token', errors.firstToken)];
}

const micros = (seconds: number) => `${String(Number((seconds * 1e6).toPrecision(4))).padStart(10)} µs`;
const percent = (share: number) => `${(share * 100).toFixed(2)} %`;
const signed = (share: number) => `${share < 0 ? '' : '+'}${percent(share)}`;
