import { show } from '../../../core/graph/show';
import { type LineParser, traceLoader } from './read-trace';
import { BadLine } from './trace-error';
import { amount, parseObject, tokens } from './values';

/**
 * Logs of vLLM with one request per line, as written for the validation of LLMServingSim. JSON lines with `arrival_time`
 * (seconds), `input_toks` and `output_toks`, in any order.
 *
 * Source: https://github.com/casys-kaist/LLMServingSim.
 */
export const loadVllmLog = traceLoader({
  parser: {
    ofFile: () => (line) => {
      const request = parseObject(line);
      return [
        {
          arrivalUs: amount('arrival_time', request.arrival_time) * 1e6,
          promptTokens: tokens('input_toks', request.input_toks),
          outputTokens: tokens('output_toks', request.output_toks),
        },
      ];
    },
  },
  clock: 'from-first',
  ordered: false,
});

/**
 * What `vllm bench serve --save-result --save-detailed` writes: one line for the run, with the lists `start_times`
 * (seconds), `input_lens`, `output_lens` and `errors` (empty where a request succeeded).
 *
 * Source: https://github.com/vllm-project/vllm/blob/main/vllm/benchmarks/serve.py.
 */
export const loadVllmBench = traceLoader({
  parser: { ofFile: runParser },
  clock: 'from-first',
  ordered: false,
});

function runParser(): LineParser {
  let isFirst = true;
  return (line) => {
    // Each run has a clock of its own.
    if (!isFirst) throw new BadLine('a second run in the file', 'keep one run per file (without --append-result)');
    isFirst = false;

    const run = parseObject(line);
    const starts = listOf('start_times', run.start_times);
    const prompts = listOf('input_lens', run.input_lens, starts.length);
    const outputs = listOf('output_lens', run.output_lens, starts.length);
    const errors = listOf('errors', run.errors, starts.length);
    return starts.map((start, i) => {
      if (errors[i]) return 'failed';
      return {
        arrivalUs: amount(`start_times[${i}]`, start) * 1e6,
        promptTokens: tokens(`input_lens[${i}]`, prompts[i]),
        outputTokens: tokens(`output_lens[${i}]`, outputs[i]),
      };
    });
  };
}

function listOf(field: string, value: unknown, length?: number): readonly unknown[] {
  if (!Array.isArray(value)) {
    throw new BadLine(`${field} must be a list, got: ${show(value)}`, 'run vllm bench serve with --save-detailed');
  }
  if (length !== undefined && value.length !== length) {
    throw new BadLine(`${field} must have ${length} entries, as many as start_times, got: ${value.length}`);
  }
  return value;
}
