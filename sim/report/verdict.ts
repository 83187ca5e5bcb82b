import { meetsObjective, SHARE_IN_TIME } from '../experiment/objective';
import type { CellSummary, Comparison, ExperimentResult } from '../experiment/result';
import { medianSeed, notesOf } from './comparison-words';
import { count, dollars, interval, intervalInWords, inWords, percent, plain } from './format';

/** What the experiment says, in words. */
export interface Verdict {
  /** Who wins, in one sentence. */
  readonly headline: string;
  readonly findings: readonly Finding[];
  /** How many cells meet the objective, the cheapest of them, and by how much those that are compared do. */
  readonly objective: string;
  /** What a reader has to know before believing it. */
  readonly cautions: readonly string[];
}

/** A primary endpoint. */
export interface Finding {
  readonly comparison: Comparison;
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

/** All that is compared here is better when it is less. */
function findingOf(comparison: Comparison): Finding {
  const { name, of, against, change, winner } = comparison;
  const what =
    change === null
      ? 'no number says how much, as too many requests failed'
      : `${inWords(change.mean)} with ${of} than with ${against}`;
  const outcome = winner === null ? undecided(comparison) : [`${winner} wins`];
  return {
    comparison,
    sentence: `${[`${capitalized(name)}: ${what}${spreadOf(comparison)}`, ...notesOf(comparison), ...outcome].join('; ')}.`,
  };
}

function spreadOf(comparison: Comparison): string {
  const { change, bySeed, isBounded } = comparison;
  if (!isBounded) return ` (${bySeed.length === 1 ? 'one seed' : count(bySeed.length, 'seed')}, no interval)`;
  const middle = medianSeed(comparison);
  const known = bySeed.filter((seed) => seed !== null);
  if (change === null || middle === null) return '';
  return (
    ` (95\u00A0% interval ${intervalInWords(change)}; median of ${count(bySeed.length, 'seed')} ${inWords(middle)}, ` +
    `seeds ${intervalInWords({ low: Math.min(...known), high: Math.max(...known) })})`
  );
}

/** Nothing where the notes have already said why. */
function undecided({ isBounded, unequal, change }: Comparison): string[] {
  if (unequal !== null) return [];
  if (!isBounded) return ['too little to tell who wins'];
  return [
    change === null ? 'too few seeds have one to tell who wins' : 'the interval includes no change, so neither wins',
  ];
}

function headlineOf(findings: readonly Finding[], { cells, conditions }: ExperimentResult): string {
  if (conditions.some(({ holds }) => !holds)) return 'No verdict: not every condition is matched';
  if (findings.length === 0) return 'This run compares no primary endpoint';
  const sideOfCell = new Map(cells.map((cell) => [cell.cell, sideOf(cell)]));
  const outcomes = findings.map(({ comparison }) => ({
    name: comparison.name,
    side: comparison.winner === null ? null : (sideOfCell.get(comparison.winner) ?? comparison.winner),
    unequal: comparison.unequal,
  }));

  const first = outcomes[0]!.side;
  if (outcomes.length > 1 && outcomes.every(({ side, unequal }) => side === first && unequal === null)) {
    const all = outcomes.length === 2 ? 'both primary endpoints' : `all ${outcomes.length} primary endpoints`;
    return first === null ? `Neither side wins: ${all} are undecided` : `${capitalized(first)} wins ${all}`;
  }
  const clauses = outcomes.map(({ name, side, unequal }) => {
    if (unequal !== null) return `nobody wins ${name}, as ${unequal}`;
    return side === null ? `${name} is undecided` : `${side} wins ${name}`;
  });
  return capitalized(clauses.join('; '));
}

function objectiveInWords({ cells, comparisons, objective }: ExperimentResult): string {
  const deployable = cells.filter(({ isReference }) => !isReference);
  const meeting = deployable.filter(meetsObjective);
  const cheapest = meeting.toSorted((a, b) => a.costUsd.mean - b.costUsd.mean)[0];
  const share =
    `${meeting.length} of ${count(deployable.length, 'cell')} end at least ${percent(SHARE_IN_TIME, 0)} of their requests ` +
    `within the objective of ${plain(objective.p95Ms / 1000)}\u00A0s`;
  const primary = comparisons.filter(({ isPrimary }) => isPrimary).flatMap(({ of, against }) => [of, against]);
  const inTime = cells
    .filter(({ cell }) => primary.includes(cell))
    .map(({ cell, attainment }) => `${cell} ${percent(attainment.mean)} (${interval(attainment, percent)})`);
  return [
    cheapest === undefined
      ? `${share}.`
      : `${share}; the cheapest of them is ${cheapest.cell} at ${dollars(cheapest.costUsd.mean)}.`,
    ...(inTime.length > 0 ? [`In time: ${inTime.join(', ')}.`] : []),
  ].join(' ');
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
  const unreached = result.rows.filter(({ p95Ms }) => p95Ms === null);
  if (unreached.length > 0) {
    const names = [...new Set(unreached.map(({ cell }) => cell))].join(', ');
    cautions.push(
      `${unreached.length} of ${count(result.rows.length, 'run')} never reached their P95, because more than 5\u00A0% of the requests failed: no mean is given for ${names}.`,
    );
  }
  return cautions;
}

export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
