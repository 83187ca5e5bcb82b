import { rowReader } from './csv';
import { traceLoader } from './read-trace';
import { amount, tokens } from './values';

/**
 * BurstGPT: requests to ChatGPT and GPT-4 of a campus. CSV with the columns `Timestamp` (seconds; whole ones in some
 * releases, so that requests share arrivals), `Request tokens` and `Response tokens`, which are 0 if the request failed.
 *
 * Source: https://github.com/HPMLL/BurstGPT, arXiv 2401.17644.
 */
export const loadBurstGpt = traceLoader({
  parser: {
    ofHeader: (header) => {
      const read = rowReader(header, ['Timestamp', 'Request tokens', 'Response tokens']);
      return (line) => {
        const [timestamp, prompt, response] = read(line);
        const arrivalUs = amount('Timestamp', timestamp) * 1e6;
        if (amount('Response tokens', response) === 0) return ['failed'];
        return [
          {
            arrivalUs,
            promptTokens: tokens('Request tokens', prompt),
            outputTokens: tokens('Response tokens', response),
          },
        ];
      };
    },
  },
  clock: 'from-first',
  ordered: true,
});
