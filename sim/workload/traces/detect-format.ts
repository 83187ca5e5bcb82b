import { show } from '../../../core/graph/show';
import { loadAzureLlm } from './azure-llm';
import { loadBurstGpt } from './burst-gpt';
import { loadLlmPerf } from './llmperf';
import { loadMooncake } from './mooncake';
import type { TraceLoader } from './read-trace';
import { loadRequestCsv, loadRequestJsonl } from './request-trace';
import { TraceError } from './trace-error';
import { loadVllmBench, loadVllmLog } from './vllm';

/** Formats whose requests stand in one file, by name. ServeGen's rates are read by `loadServeGen`. */
export const TRACE_LOADERS = {
  'azure-llm': loadAzureLlm,
  'burst-gpt': loadBurstGpt,
  mooncake: loadMooncake,
  'vllm-log': loadVllmLog,
  'vllm-bench': loadVllmBench,
  llmperf: loadLlmPerf,
  csv: loadRequestCsv,
  jsonl: loadRequestJsonl,
} satisfies Readonly<Record<string, TraceLoader>>;

export type TraceFormatName = keyof typeof TRACE_LOADERS | 'servegen';

/** Names that the first lines of a format hold, and no other format's. */
const MARKS: Readonly<Record<TraceFormatName, readonly string[]>> = {
  'azure-llm': ['TIMESTAMP', 'ContextTokens', 'GeneratedTokens'],
  'burst-gpt': ['Timestamp', 'Request tokens', 'Response tokens'],
  mooncake: ['timestamp', 'input_length', 'output_length'],
  'vllm-log': ['arrival_time', 'input_toks', 'output_toks'],
  'vllm-bench': ['input_lens', 'output_lens'],
  llmperf: ['number_input_tokens', 'number_output_tokens'],
  csv: ['arrivalMs', 'promptTokens', 'outputTokens'],
  jsonl: ['"arrivalMs"', '"promptTokens"', '"outputTokens"'],
  servegen: ['model', 't', 'rate_rps'],
};

/**
 * The format of a trace, by its first lines: one is enough but for indented JSON, where 20 are.
 *
 * @throws TraceError if it is none of the known ones.
 */
export function detectFormat(firstLines: readonly string[], file: string): TraceFormatName {
  const names = new Set(
    firstLines
      .join('\n')
      .replace(/^\uFEFF/, '')
      .split(/[,:{}[\]\n\r]/)
      .map((name) => name.trim()),
  );
  const holds = (mark: string) => names.has(mark) || names.has(`"${mark}"`);
  const formats = Object.keys(MARKS) as TraceFormatName[];
  const format = formats.findLast((name) => MARKS[name].every(holds));
  if (format) return format;

  const known = formats.map((name) => `${name} (${MARKS[name].join(', ')})`);
  throw new TraceError(file, 1, `unknown format: ${show(firstLines[0] ?? '')}; known ones: ${known.join('; ')}`);
}
