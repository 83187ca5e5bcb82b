import type { CellSummary, Comparison, ExperimentResult } from '../experiment/result';
import { count, dollars, intervalInWords, inWords, median, plain } from './format';

/** What the experiment says, in words. */
export interface Verdict {
  /** Who wins, in one sentence. */
  readonly headline: string;
  readonly findings: readonly Finding[];
  /** How many cells meet the objective, and the cheapest of them. */
  readonly objective: string;
  /** What a reader has to know before believing it. */
  readonly cautions: readonly string[];
}

/** A primary endpoint. */
export interface Finding {
  readonly comparison: Comparison;
  /** The cell that is better beyond the interval; null if the interval includes no change, or is none. */
  readonly winner: string | null;
  readonly sentence: string;
}

/** Fewer seeds are enough for a quick look only. */
const SEEDS_TO_PUBLISH = 20;

export function verdictOf(result: ExperimentResult): Verdict {
  const findings = result.comparisons.filter(({ isPrimary }) => isPrimary).map(findingOf);
  return {
    headline: headlineOf(findings, result),
    findings,
    objective: objectiveInWords(result),
    cautions: cautionsOf(result),
  };
}

/** Number of seeds of every cell. */
export function seedsOf({ rows }: ExperimentResult): number {
  return new Set(rows.map(({ seed }) => seed)).size;
}

/** The side of the experiment that a cell is on: its capacity, `static` or `autoscaled`. */
export function sideOf({ levels, cell }: CellSummary): string {
  return levels.capacity ?? cell;
}

export function meetsObjective(cell: CellSummary, { objective }: ExperimentResult): boolean {
  return cell.p95Ms !== null && cell.p95Ms.mean <= objective.p95Ms;
}

/** All that is compared here is better when it is less. */
function findingOf(comparison: Comparison): Finding {
  const { name, of, against, change, bySeed } = comparison;
  const isOneSeed = bySeed.length < 2;
  const winner = isOneSeed ? null : change.high < 0 ? of : change.low > 0 ? against : null;
  const spread = !isOneSeed
    ? ` (95\u00A0% interval ${intervalInWords(change)}; median of ${count(bySeed.length, 'seed')} ` +
      `${inWords(median(bySeed))}, seeds ${intervalInWords({ low: Math.min(...bySeed), high: Math.max(...bySeed) })})`
    : ' (one seed, no interval)';
  const undecided = isOneSeed ? 'too little to tell who wins' : 'the interval includes no change, so neither wins';
  const outcome = winner === null ? undecided : `${winner} wins`;
  return {
    comparison,
    winner,
    sentence: `${capitalized(name)}: ${inWords(change.mean)} with ${of} than with ${against}${spread}; ${outcome}.`,
  };
}

function headlineOf(findings: readonly Finding[], { cells, conditions }: ExperimentResult): string {
  if (conditions.some(({ holds }) => !holds)) return 'No verdict: not every condition is matched';
  if (findings.length === 0) return 'This run compares no primary endpoint';
  const sideOfCell = new Map(cells.map((cell) => [cell.cell, sideOf(cell)]));
  const outcomes = findings.map(({ winner, comparison }) => ({
    name: comparison.name,
    side: winner === null ? null : (sideOfCell.get(winner) ?? winner),
  }));

  const first = outcomes[0]!.side;
  if (outcomes.length > 1 && outcomes.every(({ side }) => side === first)) {
    const all = outcomes.length === 2 ? 'both primary endpoints' : `all ${outcomes.length} primary endpoints`;
    return first === null ? `Neither side wins: ${all} are undecided` : `${capitalized(first)} wins ${all}`;
  }
  const clauses = outcomes.map(({ name, side }) => (side === null ? `${name} is undecided` : `${side} wins ${name}`));
  return capitalized(clauses.join('; '));
}

function objectiveInWords(result: ExperimentResult): string {
  const { cells, objective } = result;
  const meeting = cells.filter((cell) => !cell.isReference && meetsObjective(cell, result));
  const share = `${meeting.length} of ${count(cells.filter(({ isReference }) => !isReference).length, 'cell')} keep their mean P95 within the objective of ${plain(objective.p95Ms / 1000)}\u00A0s`;
  const cheapest = meeting.toSorted((a, b) => a.costUsd.mean - b.costUsd.mean)[0];
  return cheapest === undefined
    ? `${share}.`
    : `${share}; the cheapest of them is ${cheapest.cell} at ${dollars(cheapest.costUsd.mean)}.`;
}

function cautionsOf(result: ExperimentResult): string[] {
  const cautions: string[] = [];
  const broken = result.conditions.filter(({ holds }) => !holds).map(({ name }) => name);
  if (broken.length > 0) {
    cautions.push(`The two sides do not share every condition (${broken.join(', ')}): the comparisons are not valid.`);
  }
  const seeds = seedsOf(result);
  if (seeds < SEEDS_TO_PUBLISH) {
    cautions.push(`${count(seeds, 'seed')}: a quick look. A result to publish needs at least ${SEEDS_TO_PUBLISH}.`);
  }
  const unreached = result.rows.filter(({ p95Ms }) => p95Ms === null).length;
  if (unreached > 0) {
    cautions.push(
      `${unreached} of ${count(result.rows.length, 'run')} never reached their P95, because more than 5\u00A0% of the requests failed.`,
    );
  }
  return cautions;
}

export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
