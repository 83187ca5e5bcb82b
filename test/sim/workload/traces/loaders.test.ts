import { detectFormat, TRACE_LOADERS } from '../../../../sim/workload/traces/detect-format';
import { lines, rowsOf } from './support';

type Name = keyof typeof TRACE_LOADERS;

const AZURE = 'TIMESTAMP,ContextTokens,GeneratedTokens';
const BURST_GPT = 'Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type';
const CSV = 'arrivalMs,promptTokens,outputTokens';

/** The same three requests at 0, 1.5 and 1.5 s in every format; those with a clock of their own begin at the first. */
const REQUESTS = [
  [0, 374, 44],
  [1_500_000, 396, 109],
  [1_500_000, 5, 1],
];

const TEXTS: Readonly<Record<Name, string>> = {
  'azure-llm': [
    AZURE,
    '2023-12-31 23:59:59.2500000,374,44',
    '2024-01-01 00:00:00.7500000,396,109',
    '2024-01-01 00:00:00.7500000,5,1',
  ].join('\r\n'),
  'burst-gpt': [
    BURST_GPT,
    '5.0,ChatGPT,374,44,418,Conversation log',
    '6.5,GPT-4,396,109,505,API log',
    '6.5,GPT-4,5,1,6,API log',
  ].join('\n'),
  mooncake: [
    '{"timestamp": 100, "input_length": 374, "output_length": 44, "hash_ids": [0, 1]}',
    '{"timestamp": 1600, "input_length": 396, "output_length": 109, "hash_ids": [0, 2]}',
    '{"timestamp": 1600, "input_length": 5, "output_length": 1, "hash_ids": [3]}',
  ].join('\n'),
  'vllm-log': [
    '{"request_id": "bench-1", "input_toks": 396, "output_toks": 109, "arrival_time": 1777142838.5}',
    '{"request_id": "bench-0", "input_toks": 374, "output_toks": 44, "arrival_time": 1777142837.0}',
    '{"request_id": "bench-2", "input_toks": 5, "output_toks": 1, "arrival_time": 1777142838.5}',
  ].join('\n'),
  'vllm-bench': JSON.stringify({
    duration: 3,
    input_lens: [374, 396, 5],
    output_lens: [44, 109, 1],
    start_times: [10.5, 12, 12],
    errors: ['', '', ''],
  }),
  llmperf: JSON.stringify(
    [
      { error_code: null, start_time: 1.75, number_input_tokens: 396, number_output_tokens: 109 },
      { error_code: null, start_time: 0.25, number_input_tokens: 374, number_output_tokens: 44 },
      { error_code: '', start_time: 1.75, number_input_tokens: 5, number_output_tokens: 1 },
    ],
    null,
    4,
  ),
  csv: [CSV, '0,374,44', '1500,396,109', '1500.0,5,1'].join('\n'),
  jsonl: [
    '{"arrivalMs": 0, "promptTokens": 374, "outputTokens": 44}',
    '{"arrivalMs": 1500, "promptTokens": 396, "outputTokens": 109}',
    '{"arrivalMs": 1500, "promptTokens": 5, "outputTokens": 1}',
  ].join('\n'),
};

const NAMES = Object.keys(TEXTS) as Name[];

const load = (name: Name, text: string, skipBad = false) =>
  TRACE_LOADERS[name](lines(text), { file: 'trace', skipBad });

test.each(NAMES)('%s gives requests in the order of their arrival', async (name) => {
  const { requests, skipped, failures } = await load(name, TEXTS[name]);
  expect(rowsOf(requests)).toEqual(REQUESTS);
  expect({ skipped, failures, count: requests.count, durationUs: requests.durationUs }).toEqual({
    skipped: 0,
    failures: 0,
    count: 3,
    durationUs: 1_500_001,
  });
});

test.each(NAMES)('%s is recognized by its first lines', (name) => {
  expect(detectFormat(TEXTS[name].split(/\r?\n/).slice(0, 20), 'trace')).toBe(name);
  expect(detectFormat([`\uFEFF${TEXTS[name].split(/\r?\n/).slice(0, 20).join('\n')}`], 'trace')).toBe(name);
});

test('the rates of ServeGen are recognized', () => {
  expect(detectFormat(['model,t,rate_rps,active_clients', 'm-large,0,212.78,43'], 'rates.csv')).toBe('servegen');
});

test.each([[['id,when,what', '1,2,3']], [['hello']], [[]]])('%j is no trace, and the known ones are told', (first) => {
  expect(() => detectFormat(first, 'notes.txt')).toThrow(/^notes.txt:1: unknown format: .*; known ones: azure-llm \(/);
});

test('columns may come in any order, among others', async () => {
  const text = 'note,outputTokens,arrivalMs,promptTokens\nx,44,0.25,374';
  expect(rowsOf((await load('csv', text)).requests)).toEqual([[250, 374, 44]]);
});

test('the own format counts arrivals from the start of the run', async () => {
  const { requests } = await load('csv', `${CSV}\n60000,1,1`);
  expect([requests.arrivalUs[0], requests.durationUs]).toEqual([60e6, 60e6 + 1]);
});

test('seven decimals of a second are kept to the microsecond, and February has its days', async () => {
  const text = [AZURE, '2024-02-28 23:59:59.9999994,1,1', '2024-03-01 00:00:00.0000006+00:00,1,1'].join('\n');
  const { requests } = await load('azure-llm', text);
  expect(requests.arrivalUs[1]).toBe(86_400e6 + 2);
});

test.each<[Name, string]>([
  ['burst-gpt', `${BURST_GPT}\n1,GPT-4,7,0,7,API log\n2,GPT-4,3,4,7,API log`],
  [
    'llmperf',
    '{"start_time": 1, "number_input_tokens": 7, "number_output_tokens": 0, "error_code": null}\n' +
      '{"start_time": 2, "number_input_tokens": 3, "number_output_tokens": 4, "error_code": null}',
  ],
  [
    'llmperf',
    '{"start_time": 1, "number_input_tokens": 7, "number_output_tokens": 1, "error_code": 429}\n' +
      '{"start_time": 2, "number_input_tokens": 3, "number_output_tokens": 4}',
  ],
  ['vllm-bench', '{"input_lens": [7, 3], "output_lens": [0, 4], "start_times": [1, 2], "errors": ["refused", ""]}'],
])('%s: a request that failed is left out and counted', async (name, text) => {
  const { requests, skipped, failures } = await load(name, text);
  expect({ rows: rowsOf(requests), skipped, failures }).toEqual({ rows: [[0, 3, 4]], skipped: 0, failures: 1 });
});

const SKIP = ', or leave it out (--skip-bad)';

const BAD: readonly (readonly [Name, string, string])[] = [
  [
    'csv',
    `${CSV}\n0,1,1\n1,-3,1`,
    `trace:3: promptTokens must be a whole number from 1, got: "-3"; correct the line${SKIP}`,
  ],
  ['csv', `${CSV}\n0,1,0`, `trace:2: outputTokens must be a whole number from 1, got: "0"; correct the line${SKIP}`],
  ['csv', `${CSV}\n0,1,1.5`, 'trace:2: outputTokens must be a whole number from 1, got: "1.5"'],
  ['csv', `${CSV}\n0,,1`, 'trace:2: promptTokens must be a whole number from 1, got: ""'],
  ['csv', `${CSV}\n0,99999999999,1`, 'trace:2: promptTokens must be a whole number from 1, got: "99999999999"'],
  ['csv', `${CSV}\n-1,1,1`, 'trace:2: arrivalMs must be a number from 0, got: "-1"'],
  ['csv', `${CSV}\nsoon,1,1`, 'trace:2: arrivalMs must be a number from 0, got: "soon"'],
  ['csv', `${CSV}\n0,1`, 'trace:2: a line must have 3 fields, got 2: "0,1"'],
  ['csv', `${CSV}\n0,"1",1`, `trace:2: quoted fields are not supported, got: "0,\\"1\\",1"; remove the quotes${SKIP}`],
  ['csv', `${CSV}\n9,1,1\n\n8.5,1,1`, `trace:2: the clock is 0.0005 s ahead of line 4; sort the file by time${SKIP}`],
  ['csv', `${CSV}\n1,1,1\n9,1,1\n\n8.5,1,1\n10,1,1`, 'trace:3: the clock is 0.0005 s ahead of line 5; sort the file'],
  ['csv', `${CSV}\n8,1,1\n9,1,1\n7,1,1\n10,1,1`, 'trace:4: the clock goes back by 0.002 s; sort the file by time'],
  ['csv', `${CSV}\n8,1,1\n9,1,1\n7,1,1`, 'trace:4: the clock goes back by 0.002 s; sort the file by time'],
  [
    'csv',
    `${CSV}\n1,1,1\n3,1,1\n2,1,1\n5,1,1\n4,1,1`,
    `trace:3: the clock is 0.001 s ahead of line 4, the first of 2 lines out of order; sort the file by time${SKIP}`,
  ],
  ['azure-llm', `${AZURE}\n2023-02-29 00:00:00.0,1,1`, 'trace:2: TIMESTAMP must be a time like 2023-11-16'],
  ['azure-llm', `${AZURE}\n2023-11-16 24:00:00,1,1`, 'got: "2023-11-16 24:00:00"'],
  ['azure-llm', `${AZURE}\n16.11.2023,1,1`, 'got: "16.11.2023"'],
  ['mooncake', '{"timestamp": 0, "input_length":', 'trace:1: not JSON: "{\\"timestamp\\": 0, \\"input_length\\":"'],
  ['mooncake', '[1]', 'trace:1: a line must hold a JSON object, got: [1]'],
  [
    'mooncake',
    '{"timestamp": 0, "output_length": 3}',
    'trace:1: input_length must be a whole number from 1, got: undefined',
  ],
  [
    'vllm-log',
    '{"arrival_time": "x", "input_toks": 1, "output_toks": 1}',
    'trace:1: arrival_time must be a number from 0',
  ],
  [
    'vllm-bench',
    '{"input_lens": [1]}',
    'trace:1: start_times must be a list, got: undefined; run vllm bench serve with --save-detailed',
  ],
  [
    'vllm-bench',
    '{"input_lens": [1], "output_lens": [1], "start_times": [1, 2], "errors": ["", ""]}',
    'trace:1: input_lens must have 2 entries, as many as start_times, got: 1',
  ],
  [
    'llmperf',
    '[\n{\n"number_input_tokens": 1,\n"number_output_tokens": 1\n}\n]',
    'trace:5: start_time is missing, so the arrivals are unknown',
  ],
];

test.each(BAD)('%s: %j is refused', async (name, text, message) => {
  await expect(load(name, text)).rejects.toThrow(message);
});

test('bad lines are left out and counted if asked', async () => {
  const text = [CSV, '5,1,1', '4,1,1', '6,x,1', '', '7,2'].concat('8,3,3').join('\n');
  const { requests, ...left } = await load('csv', text, true);
  expect({ rows: rowsOf(requests), ...left }).toEqual({
    rows: [
      [4000, 1, 1],
      [8000, 3, 3],
    ],
    skipped: 3,
    outOfOrder: 1,
    firstFault: 'line 4: promptTokens must be a whole number from 1, got: "x"',
    failures: 0,
  });
});

test('a line that is far ahead of all others is left out, and not all that come after it', async () => {
  const ordered = Array.from({ length: 100 }, (_, ms) => `${ms},1,1`);
  const text = [CSV, ...ordered.slice(0, 98), '1e12,1,1', ...ordered.slice(98)].join('\n');
  const { requests, ...left } = await load('csv', text, true);
  expect({ last: requests.arrivalUs[99], count: requests.count, ...left }).toMatchObject({
    last: 99_000,
    count: 100,
    skipped: 1,
    outOfOrder: 1,
    firstFault: 'line 100: the clock is 999999999.902 s ahead of line 101',
  });
});

test('a broken object of an indented list is left out, the next one is not', async () => {
  const text = TEXTS.llmperf.replace('396', '-396');
  const { requests, skipped } = await load('llmperf', text, true);
  expect({ count: requests.count, skipped }).toEqual({ count: 2, skipped: 1 });
});

test.each([
  ['', 'trace: no requests: it has none; check that it is the right file'],
  [`${CSV}\n`, 'trace: no requests: it has none; check that it is the right file'],
  [
    `${CSV}\n0,x,1\n1,1,1,1`,
    'trace: no requests: 2 bad lines, the first: line 2: promptTokens must be a whole number from 1, got: "x"; check',
  ],
])('a trace without requests says so: %j', async (text, message) => {
  await expect(load('csv', text, true)).rejects.toThrow(message);
});

test('a trace of failures only says so', async () => {
  await expect(load('burst-gpt', `${BURST_GPT}\n1,GPT-4,7,0,7,API log`)).rejects.toThrow(
    'trace: no requests: all 1 failed; check that it is the right file',
  );
});

test.each([false, true])('a header without a column is never left out (skipBad: %j)', async (skipBad) => {
  await expect(load('azure-llm', 'TIMESTAMP,Tokens\n1,2', skipBad)).rejects.toThrow(
    'trace:1: the header lacks ContextTokens, GeneratedTokens, it has: "TIMESTAMP,Tokens"; ' +
      'give the file a header with the columns TIMESTAMP, ContextTokens, GeneratedTokens',
  );
});

test('a file of several runs of vllm bench is refused', async () => {
  await expect(load('vllm-bench', `${TEXTS['vllm-bench']}\n${TEXTS['vllm-bench']}`)).rejects.toThrow(
    'trace:2: a second run in the file; keep one run per file (without --append-result)',
  );
});
