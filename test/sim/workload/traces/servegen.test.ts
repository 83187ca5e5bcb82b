import { describeWorkload } from '../../../../sim/workload/describe';
import { fingerprint } from '../../../../sim/workload/fingerprint';
import { loadServeGen, type ServeGenOptions } from '../../../../sim/workload/traces/servegen';
import { lines } from './support';

const RATES = 'model,t,rate_rps,active_clients';
const CLIENTS = 'model,client,t,rate,cv,dist,p1,p2';
const TOKENS = 'model,t6h,field,mean,q0.1,q0.5,q0.9';

const OPTIONS: ServeGenOptions = { model: 'm-large', meanRatePerSecond: 1, seed: 1 };

interface Texts {
  readonly rates?: readonly string[];
  readonly tokens?: readonly string[];
  readonly clients?: readonly string[];
}

/** Six windows at 100 and 300 requests per second in turn, and another model; prompts of 10 and answers of 5 tokens. */
function load({ rates, tokens, clients }: Texts = {}, options: Partial<ServeGenOptions> = {}) {
  const table = (file: string, header: string, rows: readonly string[]) => ({
    file,
    lines: lines([header, ...rows].join('\n')),
  });
  const windows = [0, 1, 2, 3, 4, 5].flatMap((window) => [
    `m-large,${window * 600},${window % 2 === 0 ? 100 : 300},3`,
    `m-small,${window * 600},7,3`,
  ]);
  return loadServeGen(
    {
      rates: table('rates.csv', RATES, rates ?? windows),
      tokens: table(
        'tokens.csv',
        TOKENS,
        tokens ?? ['m-large,0,input_tokens,10,10,10,10', 'm-large,0,output_tokens,5,5,5,5'],
      ),
      ...(clients && { clients: table('clients.csv', CLIENTS, clients) }),
    },
    { ...OPTIONS, ...options },
  );
}

const perWindow = (arrivalUs: Float64Array, windows: number) => {
  const counts = new Float64Array(windows);
  for (const us of arrivalUs) counts[Math.floor(us / 600e6)]! += 1;
  return counts;
};

test('rates are scaled to the mean asked for and keep their shape', async () => {
  const { requests, missingWindows } = await load({}, { meanRatePerSecond: 2 });
  const counts = perWindow(requests.arrivalUs, 6);
  expect({ missingWindows, durationUs: requests.durationUs }).toEqual({ missingWindows: 0, durationUs: 3600e6 });
  for (const [window, count] of counts.entries()) {
    const expected = window % 2 === 0 ? 600 : 1800;
    expect(Math.abs(count - expected)).toBeLessThan(4 * Math.sqrt(expected));
  }
});

test('windows are placed by their time, and a missing one repeats the one before it', async () => {
  const rates = ['m-large,3000,50,1', 'm-large,0,100,1', 'm-large,600,400,1'];
  const { requests, missingWindows } = await load({ rates }, { meanRatePerSecond: 3 });
  const counts = perWindow(requests.arrivalUs, 6);
  expect(missingWindows).toBe(3);
  const perUnit = (3 * 3600) / (100 + 4 * 400 + 50);
  for (const [window, rate] of [100, 400, 400, 400, 400, 50].entries()) {
    expect(Math.abs(counts[window]! - rate * perUnit)).toBeLessThan(4 * Math.sqrt(rate * perUnit));
  }
});

test('without clients, gaps have the variation asked for', async () => {
  const rates = ['m-large,0,100,1'];
  const steady = await load({ rates }, { meanRatePerSecond: 20, cv: 0.5 });
  expect(describeWorkload(steady.requests).interArrivalCv).toBeCloseTo(0.5, 1);
});

test('clients send at their rates, each in its windows, with the shape of their gaps', async () => {
  const clients = ['m-large,0,0,100,1,Gamma,4,1', 'm-large,1,600,300,1,Weibull,1,1', 'm-small,2,0,9999,1,Gamma,1,1'];
  const rates = ['m-large,0,100,1', 'm-large,600,300,1'];
  const { requests } = await load({ rates, clients }, { meanRatePerSecond: 10 });
  const [first, second] = [0, 600e6].map((from) => requests.arrivalUs.filter((us) => us >= from && us < from + 600e6));
  expect(first!.length / 3000).toBeCloseTo(1, 1);
  expect(second!.length / 9000).toBeCloseTo(1, 1);
  expect(describeWorkload({ ...requests, count: first!.length, arrivalUs: first! }).interArrivalCv).toBeCloseTo(0.5, 1);
});

test('what one client has in a missing window is what it had before', async () => {
  const rates = ['m-large,0,100,1', 'm-large,1200,100,1'];
  const clients = ['m-large,0,0,100,1,Gamma,1,1', 'm-large,0,1200,100,1,Gamma,1,1'];
  const { requests } = await load({ rates, clients }, { meanRatePerSecond: 2 });
  for (const count of perWindow(requests.arrivalUs, 3)) expect(Math.abs(count - 1200)).toBeLessThan(140);
});

test('a variation beyond the others is winsorised', async () => {
  const usual = Array.from({ length: 99 }, (_, client) => `m-large,${client},0,1,1,Gamma,1,1`);
  const rates = ['m-large,0,199,1'];
  const { requests } = await load(
    { rates, clients: [...usual, 'm-large,99,0,100,1,Gamma,0.0001,1'] },
    { meanRatePerSecond: 20 },
  );
  expect(describeWorkload(requests).interArrivalCv).toBeCloseTo(1, 1);
});

test('tokens have the quantiles of their six hours, and before the first of these those of the first', async () => {
  const rates = [0, 1, 2].map((sixHours) => `m-large,${sixHours * 21_600},1,1`);
  const tokens = [
    'm-large,43200,output_tokens,5,5,5,5',
    'm-large,43200,input_tokens,5,200,200,200',
    'm-large,21600,input_tokens,5,100,100,100',
    'm-large,21600,output_tokens,5,1,1,1',
  ];
  const { requests } = await load({ rates, tokens }, { meanRatePerSecond: 0.1 });
  const prompts = (from: number, to: number) =>
    new Set(requests.promptTokens.filter((_, i) => requests.arrivalUs[i]! >= from && requests.arrivalUs[i]! < to));
  expect(prompts(0, 43_200e6)).toEqual(new Set([100]));
  expect(prompts(43_200e6, Infinity)).toEqual(new Set([200]));
});

test('the same seed gives the same requests, another one others', async () => {
  const prints = await Promise.all([1, 1, 2].map(async (seed) => fingerprint((await load({}, { seed })).requests)));
  expect(prints[1]).toBe(prints[0]);
  expect(prints[2]).not.toBe(prints[0]);
});

test.each<[Texts, Partial<ServeGenOptions>, string]>([
  [
    {},
    { model: 'm-tiny' },
    'rates.csv: no rates above 0 of the model "m-tiny": it has those of m-large, m-small; check',
  ],
  [{}, { meanRatePerSecond: 0 }, 'meanRatePerSecond must be a number above 0, got: 0'],
  [
    {},
    { meanRatePerSecond: 1e6 },
    'meanRatePerSecond gives 3600000000 requests of m-large, more than 20000000: lower it',
  ],
  [{}, { cv: -1 }, 'cv must be from 0.01 to 100, got: -1'],
  [{ rates: ['m-large,0,-3,1'] }, {}, 'rates.csv:2: rate_rps must be a number from 0, got: "-3"; correct the line'],
  [{ rates: ['m-large,100,3,1'] }, {}, 'rates.csv:2: t must be a multiple of 600 s within a year, got: "100"'],
  [{ rates: ['m-large,0,3,1', 'm-large,0,4,1'] }, {}, 'rates.csv:3: t must not come twice, got: "0"'],
  [{ rates: ['m-large,0,0,1'] }, {}, 'rates.csv: no rates above 0 of the model "m-large"'],
  [{ tokens: [] }, {}, 'tokens.csv: no tokens of the model "m-large"'],
  [
    { tokens: ['m-large,0,tokens,1,1,1,1'] },
    {},
    'tokens.csv:2: field must be input_tokens or output_tokens, got: "tokens"',
  ],
  [
    { tokens: ['m-large,0,input_tokens,1,5,4,6'] },
    {},
    'tokens.csv:2: q0.5 must be at least the quantile before it, got: 4',
  ],
  [{ clients: ['m-large,0,0,1,1,Pareto,1,1'] }, {}, 'clients.csv:2: dist must be Gamma or Weibull, got: "Pareto"'],
  [{ clients: ['m-large,0,0,1,1,Gamma,0,1'] }, {}, 'clients.csv:2: p1, the shape, must be above 0, got: "0"'],
  [{ clients: ['m-small,0,0,1,1,Gamma,1,1'] }, {}, 'clients.csv: no clients of the model "m-large"'],
])('%j with %j is refused', async (texts, options, message) => {
  await expect(load(texts, options)).rejects.toThrow(message);
});

test('bad lines of all tables are left out and counted if asked', async () => {
  const { skipped, firstFault, requests } = await load(
    { rates: ['m-large,0,x,1', 'm-large,0,100,1'], clients: ['m-large,0,0', 'm-large,0,0,100,1,Gamma,1,1'] },
    { skipBad: true },
  );
  expect(skipped).toBe(2);
  expect(firstFault).toBe('rates.csv, line 2: rate_rps must be a number from 0, got: "x"');
  expect(requests.count).toBeGreaterThan(500);
});
