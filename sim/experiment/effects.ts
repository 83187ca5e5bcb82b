import { type Factors, factorialEffects } from '../statistics/factorial';
import { type Cell, FACTORS } from './cells';
import type { Effect, ResultRow } from './result';

/** Levers of what scales: the eight static cells of the factorial are one run of each graph, whatever these are. */
const LEVERS: readonly string[] = ['prewarming', 'targets'];

/** The cells over which effects are averaged, with their factors. */
interface Design {
  readonly among: Effect['among'];
  readonly factors: Factors;
  readonly cells: readonly Cell[];
}

/**
 * Effects of the factors on what every seed has. Those of the levers of what scales, and their interactions, are among
 * the modular cells: averaged over static ones too, on which they do nothing, each would be half of what it is.
 *
 * @param rowsOf a cell, in the order of the seeds
 */
export function effectsOf(cells: readonly Cell[], rowsOf: (cell: string) => readonly ResultRow[]): Effect[] {
  const { capacity, ...ofModular } = FACTORS;
  const all = cells.filter(({ levels }) => Object.keys(FACTORS).every((name) => levels[name] !== undefined));
  const modular = all.filter(({ levels }) => levels.capacity === capacity[1]);
  const designs: Design[] = [
    { among: 'all', factors: FACTORS, cells: all },
    { among: 'modular', factors: ofModular, cells: modular },
  ];
  return (['p95Ms', 'costUsd'] as const).flatMap((on) => designs.flatMap((design) => effectsIn(design, on, rowsOf)));
}

/** None unless all cells are there and have a value of each seed. */
function effectsIn(
  { among, factors, cells }: Design,
  on: Effect['on'],
  rowsOf: (cell: string) => readonly ResultRow[],
): Effect[] {
  const measured = cells.map(({ cell, levels }) => ({ levels, bySeed: rowsOf(cell).map((row) => row[on]) }));
  const isComplete = measured.length === 2 ** Object.keys(factors).length;
  if (!isComplete || measured.some(({ bySeed }) => bySeed.includes(null))) return [];
  const effects = factorialEffects(factors, measured as { levels: Cell['levels']; bySeed: number[] }[]);
  return effects
    .filter((each) => each.factors.some((name) => LEVERS.includes(name)) === (among === 'modular'))
    .map(({ factors: names, effect: { mean, low, high } }) => ({
      factor: names.join(' x '),
      on,
      among,
      // JSON has no infinity: a single seed bounds nothing, and is shown as itself.
      estimate: Number.isFinite(high - low) ? { mean, low, high } : { mean, low: mean, high: mean },
    }));
}
