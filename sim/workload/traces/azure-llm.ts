import { rowReader } from './csv';
import { traceLoader } from './read-trace';
import { timestampUs } from './timestamp';
import { tokens } from './values';

/**
 * Traces of LLM services in Azure, 2023 and 2024. CSV with the columns `TIMESTAMP` (of the invocation, with up to nine
 * decimals of a second), `ContextTokens` (prompt) and `GeneratedTokens` (answer).
 *
 * Source: https://github.com/Azure/AzurePublicDataset/blob/master/AzureLLMInferenceDataset2023.md.
 */
export const loadAzureLlm = traceLoader({
  parser: {
    ofHeader: (header) => {
      const read = rowReader(header, ['TIMESTAMP', 'ContextTokens', 'GeneratedTokens']);
      return (line) => {
        const [timestamp, context, generated] = read(line);
        return [
          {
            arrivalUs: timestampUs('TIMESTAMP', timestamp!),
            promptTokens: tokens('ContextTokens', context),
            outputTokens: tokens('GeneratedTokens', generated),
          },
        ];
      };
    },
  },
  clock: 'from-first',
  ordered: true,
});
