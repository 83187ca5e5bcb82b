import { rowReader } from './csv';
import { traceLoader } from './read-trace';
import { amount, parseObject, tokens } from './values';

const COLUMNS = ['arrivalMs', 'promptTokens', 'outputTokens'] as const;

/**
 * The project's own format, as CSV with a header, in the order of arrival:
 *
 * | column         | meaning                                                                   |
 * | -------------- | ------------------------------------------------------------------------- |
 * | `arrivalMs`    | milliseconds since the start of the run, from 0, with or without decimals |
 * | `promptTokens` | tokens of the request, a whole number from 1                              |
 * | `outputTokens` | tokens of its answer, a whole number from 1                               |
 *
 * The columns may come in any order, among others.
 */
export const loadRequestCsv = traceLoader({
  parser: {
    ofHeader: (header) => {
      const read = rowReader(header, COLUMNS);
      return (line) => [toRow(...(read(line) as [string, string, string]))];
    },
  },
  clock: 'from-zero',
  ordered: true,
});

/** As `loadRequestCsv`, with an object of these fields in each line. */
export const loadRequestJsonl = traceLoader({
  parser: {
    ofFile: () => (line) => {
      const request = parseObject(line);
      return [toRow(request.arrivalMs, request.promptTokens, request.outputTokens)];
    },
  },
  clock: 'from-zero',
  ordered: true,
});

function toRow(arrivalMs: unknown, promptTokens: unknown, outputTokens: unknown) {
  return {
    arrivalUs: amount('arrivalMs', arrivalMs) * 1000,
    promptTokens: tokens('promptTokens', promptTokens),
    outputTokens: tokens('outputTokens', outputTokens),
  };
}
