import { type RandomStream, randomStream } from '../../kernel/random';
import { type Quantile, quantileFunction } from '../draw';
import { arrivalsOf, expectedArrivals, MAX_REQUESTS, type RateProfile, scaleProfile } from '../rate-profile';
import { CV_MAX, CV_MIN, renewal } from '../renewal';
import type { RequestList } from '../request-list';
import { tokenCount } from '../tokens';
import type { LineFaults } from './line-faults';
import type { TraceTable } from './read-table';
import { type ClientRates, readClients, readRates, readTokens, type TokenWindow } from './servegen-tables';

/** Tables of production rates, derived from https://github.com/alibaba/ServeGen (arXiv 2505.09999). */
export interface ServeGenTables {
  /** `model`, `t` (start of the 10-minute window in seconds), `rate_rps`. */
  readonly rates: TraceTable;
  /** `model`, `t6h` (start of the 6-hour window in seconds), `field` (`input_tokens` or `output_tokens`), `q0.01` ... */
  readonly tokens: TraceTable;
  /** `model`, `client`, `t`, `rate`, `dist` (`Gamma` or `Weibull`), `p1` (its shape): whose requests come how evenly. */
  readonly clients?: TraceTable;
}

export interface ServeGenOptions {
  readonly model: string;
  /** To which the rates are scaled, the mean of the whole trace: at the true rates, two weeks are 10^8 requests. */
  readonly meanRatePerSecond: number;
  /** Of the gaps of all requests together, if there is no table of clients. Default: 1, Poisson. */
  readonly cv?: number;
  readonly seed: number;
  readonly skipBad?: boolean;
}

export interface LoadedServeGen {
  readonly requests: RequestList;
  /** Bad lines that were left out, of all tables. */
  readonly skipped: number;
  /** Where the first of them was, and what was wrong with it. */
  readonly firstFault?: string;
  /** Windows that the rates lack; each repeats the one before it. */
  readonly missingWindows: number;
}

/**
 * Draws requests with the rates of a model over time, scaled, and the burstiness and tokens of the trace. Each client's
 * gaps keep the law and the shape of their window while their mean follows the scaled rate, as in ServeGen's own
 * generator. The tokens of a request and of its answer are drawn independently of each other.
 *
 * @throws TraceError if a table is bad, RangeError if the options make no sense.
 */
export async function loadServeGen(tables: ServeGenTables, options: ServeGenOptions): Promise<LoadedServeGen> {
  const { model, seed, meanRatePerSecond, cv = 1 } = options;
  if (!(meanRatePerSecond > 0)) {
    throw new RangeError(`meanRatePerSecond must be a number above 0, got: ${meanRatePerSecond}`);
  }
  if (!(cv >= CV_MIN && cv <= CV_MAX)) throw new RangeError(`cv must be from ${CV_MIN} to ${CV_MAX}, got: ${cv}`);
  const rates = await readRates(tables.rates, options);
  const tokens = await readTokens(tables.tokens, options);
  const clients = tables.clients && (await readClients(tables.clients, rates, options));

  const { profile } = rates;
  const requests = meanRatePerSecond * (profile.durationUs / 1e6);
  if (requests > MAX_REQUESTS) {
    throw new RangeError(
      `meanRatePerSecond gives ${Math.round(requests)} requests of ${model}, more than ${MAX_REQUESTS}: lower it`,
    );
  }
  const factor = requests / expectedArrivals(profile);
  const arrivals = clients
    ? clients.byClient.flatMap((client) => clientArrivals(client, factor, seed))
    : poolArrivals(scaleProfile(profile, factor), cv, seed);
  const arrivalUs = new Float64Array(arrivals).sort();
  return {
    requests: {
      count: arrivalUs.length,
      arrivalUs,
      ...drawTokens(arrivalUs, tokens.windows, seed),
      durationUs: profile.durationUs,
    },
    ...skippedOf([rates.faults, tokens.faults, ...(clients ? [clients.faults] : [])]),
    missingWindows: rates.missingWindows.length,
  };
}

function skippedOf(tables: readonly LineFaults[]): Pick<LoadedServeGen, 'skipped' | 'firstFault'> {
  const skipped = tables.reduce((sum, table) => sum + table.skipped, 0);
  const bad = tables.find((table) => table.skipped > 0);
  return { skipped, ...(bad && { firstFault: `${bad.file}, ${bad.first}` }) };
}

function poolArrivals(profile: RateProfile, cv: number, seed: number): number[] {
  const process = renewal({ law: 'gamma', cv }, randomStream(seed, 'servegen', 'arrivals'));
  return arrivalsOf(profile, () => process);
}

function clientArrivals({ client, profile, burstiness }: ClientRates, factor: number, seed: number): number[] {
  const random = randomStream(seed, `servegen client ${client}`, 'arrivals');
  const processes = burstiness.map((gaps) => renewal(gaps, random));
  return arrivalsOf(scaleProfile(profile, factor), (piece) => processes[piece]!);
}

function drawTokens(arrivalUs: Float64Array, windows: readonly TokenWindow[], seed: number) {
  const draw = (field: 'inputTokens' | 'outputTokens') =>
    drawColumn(arrivalUs, windows, field, randomStream(seed, 'servegen', field));
  return { promptTokens: draw('inputTokens'), outputTokens: draw('outputTokens') };
}

function drawColumn(
  arrivalUs: Float64Array,
  windows: readonly TokenWindow[],
  field: 'inputTokens' | 'outputTokens',
  random: RandomStream,
): Uint32Array {
  const column = new Uint32Array(arrivalUs.length);
  const quantiles: readonly Quantile[] = windows.map((window) => quantileFunction({ quantiles: window[field] }));
  let window = 0;
  for (let i = 0; i < column.length; i++) {
    while (window + 1 < windows.length && windows[window + 1]!.startUs <= arrivalUs[i]!) window++;
    column[i] = tokenCount(quantiles[window]!(random.uniform() + 2 ** -33));
  }
  return column;
}
