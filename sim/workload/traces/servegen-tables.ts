import { show } from '../../../core/graph/show';
import { weibullVariation } from '../gamma';
import type { RateProfile } from '../rate-profile';
import { type Burstiness, CV_MIN } from '../renewal';
import { columnsOf, rowReader } from './csv';
import type { LineFaults } from './line-faults';
import { readTable, type TraceTable } from './read-table';
import { BadLine } from './trace-error';
import { amount } from './values';

const WINDOW_SECONDS = 600;

/** A later window is a slip of the pen: the trace covers two weeks. */
const LAST_WINDOW = (366 * 86_400) / WINDOW_SECONDS;

/** Shapes of gaps beyond this quantile of their variation are winsorised: some rows say 100 and more, of a few requests. */
const WINSORISED_ABOVE = 0.95;

interface Wanted {
  readonly model: string;
  readonly skipBad?: boolean;
}

export interface ModelRates {
  /** A piece for each window from the start of the trace to its last. */
  readonly profile: RateProfile;
  readonly missingWindows: readonly number[];
  readonly faults: LineFaults;
}

export async function readRates(table: TraceTable, { model, skipBad }: Wanted): Promise<ModelRates> {
  const rates = new Map<number, number>();
  const models = new Set<string>();
  const faults = await readTable(table, skipBad, (header) => {
    const read = rowReader(header, ['model', 't', 'rate_rps']);
    return (line) => {
      const [of, t, rate] = read(line);
      models.add(of!);
      if (of !== model) return;
      if (rates.has(windowOf(t!))) throw new BadLine(`t must not come twice, got: ${show(t)}`);
      rates.set(windowOf(t!), amount('rate_rps', rate));
    };
  });
  if (![...rates.values()].some((rate) => rate > 0)) {
    throw faults.nothing(
      `rates above 0 of the model ${show(model)}`,
      `it has those of ${[...models].join(', ') || 'none'}`,
    );
  }

  const count = Math.max(...rates.keys()) + 1;
  const missingWindows = indices(count).filter((window) => !rates.has(window));
  let rate = rates.get(Math.min(...rates.keys()))!;
  const perSecond = Float64Array.from(indices(count), (window) => {
    rate = rates.get(window) ?? rate;
    return rate;
  });
  return { profile: windowsProfile(perSecond), missingWindows, faults };
}

/** A client's rate in each window, and how evenly its requests come there. */
export interface ClientRates {
  readonly client: string;
  readonly profile: RateProfile;
  readonly burstiness: readonly Burstiness[];
}

interface ClientWindow extends Burstiness {
  readonly rate: number;
}

export async function readClients(table: TraceTable, rates: ModelRates, { model, skipBad }: Wanted) {
  const clients = new Map<string, Map<number, ClientWindow>>();
  const faults = await readTable(table, skipBad, (header) => {
    const read = rowReader(header, ['model', 'client', 't', 'rate', 'dist', 'p1']);
    return (line) => {
      const [of, client, t, rate, dist, p1] = read(line);
      if (of !== model) return;
      const window = { rate: amount('rate', rate), ...burstinessOf(dist!, p1!) };
      const windows = clients.get(client!) ?? new Map<number, ClientWindow>();
      clients.set(client!, windows.set(windowOf(t!), window));
    };
  });
  if (clients.size === 0) throw faults.nothing(`clients of the model ${show(model)}`);

  const cvs = [...clients.values()]
    .flatMap((windows) => Array.from(windows.values(), ({ cv }) => cv))
    .sort((a, b) => a - b);
  const maxCv = cvs[Math.floor(WINSORISED_ABOVE * (cvs.length - 1))]!;
  const byClient = Array.from(clients, ([client, windows]) => clientRates(client, windows, rates, maxCv));
  return { byClient, faults };
}

function clientRates(
  client: string,
  windows: Map<number, ClientWindow>,
  rates: ModelRates,
  maxCv: number,
): ClientRates {
  // A client without a row sends nothing, unless no client has one: then the window is missing.
  for (const window of rates.missingWindows) {
    const before = windows.get(window - 1);
    if (before) windows.set(window, before);
  }
  const all = indices(rates.profile.perSecond.length).map((window) => windows.get(window));
  return {
    client,
    profile: windowsProfile(Float64Array.from(all, (window) => window?.rate ?? 0)),
    burstiness: all.map((window) => ({ law: window?.law ?? 'gamma', cv: Math.min(window?.cv ?? 1, maxCv) })),
  };
}

/** The variation of the fitted law: its shape is what scaling the rate keeps. */
function burstinessOf(dist: string, p1: string): Burstiness {
  const shape = amount('p1', p1);
  if (shape === 0) throw new BadLine(`p1, the shape, must be above 0, got: ${show(p1)}`);
  if (dist === 'Gamma') return { law: 'gamma', cv: Math.max(CV_MIN, 1 / Math.sqrt(shape)) };
  if (dist === 'Weibull') return { law: 'weibull', cv: Math.max(CV_MIN, weibullVariation(shape)) };
  throw new BadLine(`dist must be Gamma or Weibull, got: ${show(dist)}`);
}

type Quantiles = readonly (readonly [probability: number, value: number])[];

/** The lengths of requests that arrive from a moment on, up to the next window. */
export interface TokenWindow {
  readonly startUs: number;
  readonly inputTokens: Quantiles;
  readonly outputTokens: Quantiles;
}

export async function readTokens(table: TraceTable, { model, skipBad }: Wanted) {
  const fields = { input_tokens: new Map<number, Quantiles>(), output_tokens: new Map<number, Quantiles>() };
  const faults = await readTable(table, skipBad, (header) => {
    const quantileColumns = columnsOf(header).filter((column) => /^q0?\.\d+$/.test(column));
    if (quantileColumns.length === 0) {
      throw new BadLine('the header has no quantile', 'give the file columns like q0.5', false);
    }
    quantileColumns.sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
    const read = rowReader(header, ['model', 't6h', 'field', ...quantileColumns]);
    const probabilities = quantileColumns.map((column) => Number(column.slice(1)));
    return (line) => {
      const [of, t, field, ...values] = read(line);
      if (of !== model) return;
      if (field !== 'input_tokens' && field !== 'output_tokens') {
        throw new BadLine(`field must be input_tokens or output_tokens, got: ${show(field)}`);
      }
      fields[field].set(amount('t6h', t), quantilesOf(probabilities, values));
    };
  });
  const windows = [...fields.input_tokens]
    .flatMap(([t, inputTokens]): TokenWindow[] => {
      const outputTokens = fields.output_tokens.get(t);
      return outputTokens ? [{ startUs: t * 1e6, inputTokens, outputTokens }] : [];
    })
    .sort((a, b) => a.startUs - b.startUs);
  if (windows.length === 0) throw faults.nothing(`tokens of the model ${show(model)}`);
  return { windows, faults };
}

function quantilesOf(probabilities: readonly number[], values: readonly string[]): Quantiles {
  const quantiles = probabilities.map((probability, i) => [probability, amount(`q${probability}`, values[i])] as const);
  const falling = quantiles.find(([, value], i) => i > 0 && value < quantiles[i - 1]![1]);
  if (falling) throw new BadLine(`q${falling[0]} must be at least the quantile before it, got: ${falling[1]}`);
  return quantiles;
}

function windowOf(t: string): number {
  const window = amount('t', t) / WINDOW_SECONDS;
  if (!(Number.isInteger(window) && window <= LAST_WINDOW)) {
    throw new BadLine(`t must be a multiple of ${WINDOW_SECONDS} s within a year, got: ${show(t)}`);
  }
  return window;
}

function windowsProfile(perSecond: Float64Array): RateProfile {
  return {
    startUs: perSecond.map((_, window) => window * WINDOW_SECONDS * 1e6),
    perSecond,
    durationUs: perSecond.length * WINDOW_SECONDS * 1e6,
  };
}

const indices = (count: number) => Array.from({ length: count }, (_, index) => index);
