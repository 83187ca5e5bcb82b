import { traceLoader } from './read-trace';
import { amount, parseObject, tokens } from './values';

/**
 * Mooncake: requests to Kimi. JSON lines with `timestamp` (milliseconds), `input_length` and `output_length` (tokens);
 * `hash_ids`, the blocks of the prompt that requests share, are not used.
 *
 * Source: https://github.com/kvcache-ai/Mooncake#-open-source-trace, arXiv 2407.00079.
 */
export const loadMooncake = traceLoader({
  parser: {
    ofFile: () => (line) => {
      const request = parseObject(line);
      return [
        {
          arrivalUs: amount('timestamp', request.timestamp) * 1000,
          promptTokens: tokens('input_length', request.input_length),
          outputTokens: tokens('output_length', request.output_length),
        },
      ];
    },
  },
  clock: 'from-first',
  ordered: true,
});
