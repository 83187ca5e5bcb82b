import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describeWorkload, gapVariation } from '../../../../sim/workload/describe';
import { scaleRate } from '../../../../sim/workload/scale-rate';
import { detectFormat, TRACE_LOADERS } from '../../../../sim/workload/traces/detect-format';
import { loadServeGen } from '../../../../sim/workload/traces/servegen';
import { lines } from './support';

// The traces are no part of the project.
const TRACES = join(__dirname, '../../../../../shared/traces');
const whenThere = existsSync(TRACES) ? test : test.skip;

function read(file: string): string {
  const bytes = readFileSync(join(TRACES, file));
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
}

function load(file: string) {
  const text = read(file);
  const format = detectFormat(text.split('\n', 5), file);
  if (format === 'servegen') throw new Error(`${file} has rates, not requests`);
  return TRACE_LOADERS[format](lines(text), { file });
}

const AZURE = [
  {
    file: 'azure-llm-2023/AzureLLMInferenceTrace_conv.csv.gz',
    count: 19_366,
    spanMinutes: 58.4,
    cv: 1.09,
    prompt: { p50: 1020, p95: 4083, max: 14_050 },
    output: { p50: 129, p95: 451, max: 1000 },
  },
  {
    file: 'azure-llm-2023/AzureLLMInferenceTrace_code.csv.gz',
    count: 8819,
    spanMinutes: 57.3,
    cv: 13.2,
    prompt: { p50: 1469, p95: 7303, max: 7437 },
    output: { p50: 13, p95: 90, max: 1899 },
  },
];

describe.each(AZURE)('$file', ({ file, count, spanMinutes, cv, prompt, output }) => {
  whenThere('has the figures that its documentation gives', async () => {
    const { requests, skipped } = await load(file);
    const described = describeWorkload(requests);
    expect([described.count, skipped]).toEqual([count, 0]);
    expect(described.spanSeconds / 60).toBeCloseTo(spanMinutes, 1);
    expect(Math.abs(described.interArrivalCv! / cv - 1)).toBeLessThan(0.01);
    expect(described.promptTokens).toMatchObject({
      p50: prompt.p50,
      p95: expect.closeTo(prompt.p95, -1),
      max: prompt.max,
    });
    expect(described.outputTokens).toMatchObject(output);
  });

  whenThere('keeps its burstiness at half and at three times its rate', async () => {
    const { requests } = await load(file);
    for (const factor of [0.5, 3]) {
      const seeds = [1, 2, 3, 4, 5].map((seed) => gapVariation(scaleRate(requests, factor, seed).arrivalUs)!);
      const mean = seeds.reduce((sum, variation) => sum + variation) / seeds.length;
      expect(Math.abs(mean / cv - 1)).toBeLessThan(0.12);
    }
  });
});

describe.each(['RTXPRO6000_Llama-3.1-8B', 'RTXPRO6000_Qwen3-32B'])('%s', (folder) => {
  whenThere('has 300 requests at ten per second', async () => {
    const { requests } = await load(`vllm-logs/${folder}/requests.jsonl`);
    const { count, spanSeconds, interArrivalCv } = describeWorkload(requests);
    expect(count).toBe(300);
    expect(spanSeconds).toBeLessThan(30);
    expect(interArrivalCv).toBeCloseTo(0.94, 1);
  });
});

const SERVEGEN = [
  { model: 'm-large', peakToMean: 2.98, missingWindows: 0 },
  { model: 'm-small', peakToMean: 3.24, missingWindows: 37 },
];

describe.each(SERVEGEN)('servegen $model', ({ model, peakToMean, missingWindows }) => {
  whenThere('gives two weeks at the rate asked for, with the shape of the trace', async () => {
    const loaded = await loadServeGen(
      {
        rates: { file: 'model_rate_10min.csv', lines: lines(read('servegen/model_rate_10min.csv')) },
        tokens: { file: 'token_quantiles_6h.csv', lines: lines(read('servegen/token_quantiles_6h.csv')) },
      },
      { model, meanRatePerSecond: 0.1, seed: 1 },
    );
    const described = describeWorkload(loaded.requests);
    expect(loaded).toMatchObject({ missingWindows, skipped: 0 });
    expect(described.durationSeconds).toBe(14 * 86_400);
    expect(described.meanRatePerSecond / 0.1).toBeCloseTo(1, 1);
    // A window has 60 requests on average: chance adds to its peak.
    const peak = described.peakRatePerSecond / described.meanRatePerSecond / peakToMean;
    expect(peak).toBeGreaterThan(0.95);
    expect(peak).toBeLessThan(1.2);
  });
});

whenThere('the clients of servegen together send at the rate of their model, in bursts', async () => {
  const ofModel = (text: string) => text.split('\n').filter((line, i) => i === 0 || line.startsWith('m-small'));
  const table = (file: string) => ({ file, lines: lines(ofModel(read(`servegen/${file}`)).join('\n')) });
  const { requests } = await loadServeGen(
    {
      rates: table('model_rate_10min.csv'),
      tokens: table('token_quantiles_6h.csv'),
      clients: table('clients_rate.csv.gz'),
    },
    { model: 'm-small', meanRatePerSecond: 0.1, seed: 1 },
  );
  const described = describeWorkload(requests);
  expect(described.meanRatePerSecond / 0.1).toBeCloseTo(1, 1);
  expect(described.interArrivalCv).toBeGreaterThan(1.1);
});
