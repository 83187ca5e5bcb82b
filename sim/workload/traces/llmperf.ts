import { type LineParser, type TraceRow, traceLoader } from './read-trace';
import { BadLine } from './trace-error';
import { amount, parseObject, tokens } from './values';

/**
 * Individual responses of LLMPerf, as the indented list that it writes or with one object per line, in any order:
 * `start_time` (seconds), `number_input_tokens`, `number_output_tokens` and `error_code` (null where it succeeded).
 *
 * LLMPerf itself writes no `start_time`; variants do. Without it nothing tells when the requests arrived.
 *
 * Source: https://github.com/ray-project/llmperf/blob/main/src/llmperf/common_metrics.py.
 */
export const loadLlmPerf = traceLoader({
  parser: { ofFile: responseParser },
  clock: 'from-first',
  ordered: false,
});

/** Gathers the lines of an object of an indented list until it ends. */
function responseParser(): LineParser {
  let gathered = '';
  return (line) => {
    const text = line.trim();
    if (gathered === '' && (text === '[' || text === ']')) return [];
    gathered += text;
    if (!/\},?$/.test(text)) return [];

    const response = gathered.replace(/,$/, '');
    gathered = '';
    return [toRow(parseObject(response))];
  };
}

function toRow(response: Record<string, unknown>): TraceRow | 'failed' {
  const { start_time, number_input_tokens, number_output_tokens, error_code } = response;
  if (start_time === undefined) {
    throw new BadLine('start_time is missing, so the arrivals are unknown', 'log the start of each request in seconds');
  }
  if ((error_code ?? '') !== '' || number_output_tokens === 0) return 'failed';
  return {
    arrivalUs: amount('start_time', start_time) * 1e6,
    promptTokens: tokens('number_input_tokens', number_input_tokens),
    outputTokens: tokens('number_output_tokens', number_output_tokens),
  };
}
