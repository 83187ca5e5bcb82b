import * as fc from 'fast-check';
import { readRequestLog } from '../../../sim/profiles/request-log';

const HEADER = 'arrivalMs,promptTokens,outputTokens,firstTokenMs,doneMs';
const REQUEST = { arrivalMs: 20, promptTokens: 100, outputTokens: 5, firstTokenMs: 30.5, doneMs: 70 };
const ROW = '20,100,5,30.5,70';

async function* inPieces(text: string, size = text.length): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

const read = (text: string, skipBad = false, size?: number) =>
  readRequestLog(inPieces(text, size), 'log.csv', { skipBad });

test('CSV and JSON lines of the same requests give the same log, in order of arrival', async () => {
  const earlier = { ...REQUEST, arrivalMs: -3 };
  const expected = { requests: [earlier, REQUEST], skippedLines: 0 };
  expect(await read(`${HEADER}\n${ROW}\n-3,100,5,30.5,70\n`)).toEqual(expected);
  expect(await read([REQUEST, earlier].map((request) => JSON.stringify(request)).join('\n'))).toEqual(expected);
});

test('columns may stand in any order, with others between them', async () => {
  const { requests } = await read(
    'model,doneMs, firstTokenMs,arrivalMs,outputTokens,promptTokens\nqwen,70,30.5,20,5,100',
  );
  expect(requests).toEqual([REQUEST]);
});

test('a vLLM log counts from when a request was queued', async () => {
  const line = { request_id: 'a', input_toks: 9, output_toks: 3, queued_ts: 8.5, first_token_ts: 9, last_token_ts: 10 };
  const { requests } = await read(JSON.stringify(line));
  expect(requests).toEqual([{ arrivalMs: 8500, promptTokens: 9, outputTokens: 3, firstTokenMs: 500, doneMs: 1500 }]);
});

test('the pieces, line ends, empty lines and byte order mark of a file change nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 60 }), fc.constantFrom('\n', '\r\n'), async (size, end) => {
      const text = `\uFEFF${[HEADER, ROW, '', '21,100,5,30.5,70'].join(end)}`;
      const { requests } = await read(text, false, size);
      expect(requests).toEqual([REQUEST, { ...REQUEST, arrivalMs: 21 }]);
    }),
    { numRuns: 30 },
  );
});

const VLLM = { input_toks: 9, output_toks: 3, queued_ts: 5, first_token_ts: 6, last_token_ts: 7 };

test.each([
  [`${HEADER}\n${ROW}\n20,100,5,70`, 'log.csv:3: has 4 columns and the header 5, got: "20,100,5,70"'],
  [`${HEADER}\n20,-3,5,30,70`, 'log.csv:2: promptTokens must be a whole number from 1, got: -3'],
  [`${HEADER}\n20,100,1.5,30,70`, 'log.csv:2: outputTokens must be a whole number from 1, got: 1.5'],
  [`${HEADER}\nnoon,100,5,30,70`, 'log.csv:2: arrivalMs must be a number, got: "noon"'],
  [`${HEADER}\n20,100,5,,70`, 'log.csv:2: firstTokenMs must be a number, got: ""'],
  [`${HEADER}\n20,100,5,0,70`, 'log.csv:2: firstTokenMs must be above 0, got: 0'],
  [`${HEADER}\n20,100,5,71,70`, 'log.csv:2: doneMs must not be below firstTokenMs 71, got: 70'],
  ['{"arrivalMs": 1', 'log.csv:1: is not JSON, got: "{\\"arrivalMs\\": 1"'],
  ['{"arrivalMs": 1}', 'log.csv:1: promptTokens must be a whole number from 1, got: undefined'],
  [JSON.stringify({ ...VLLM, queued_ts: 6 }), 'log.csv:1: first_token_ts must be after queued_ts 6, got: 6'],
  [
    JSON.stringify({ ...VLLM, last_token_ts: 5 }),
    'log.csv:1: last_token_ts must not be before first_token_ts 6, got: 5',
  ],
  [JSON.stringify({ ...VLLM, first_token_ts: null }), 'log.csv:1: first_token_ts must be a number, got: null'],
])('%j is refused, unless bad lines are skipped', async (text, message) => {
  await expect(read(text)).rejects.toThrow(`${message}; correct the line, or leave out such lines with --skip-bad`);

  const isCsv = text.startsWith(HEADER);
  const good = isCsv ? ROW : JSON.stringify(text.includes('queued_ts') ? VLLM : REQUEST);
  expect(await read(`${text}\n${good}`, true)).toMatchObject({ skippedLines: 1, firstFault: message });
});

test('a header that lacks columns is refused, skipping or not', async () => {
  const message =
    'log.csv:1: the header lacks firstTokenMs, doneMs, got: "arrivalMs,promptTokens,outputTokens"; a log is';
  await expect(read('arrivalMs,promptTokens,outputTokens\n1,2,3', true)).rejects.toThrow(message);
});

test.each(['', '\n\n', HEADER])('a log without requests is refused: %j', async (text) => {
  await expect(read(text)).rejects.toThrow('log.csv has no requests');
});

test('a log of bad lines only is refused with the first of them', async () => {
  await expect(read(`${HEADER}\n1\n2`, true)).rejects.toThrow(
    'log.csv has no requests; 2 lines were skipped, the first: log.csv:2: has 1 columns and the header 5, got: "1"',
  );
});
