import type { CostCurve } from './cost-curve';
import { splitMeasured } from './measured-split';
import type { ShapeNode } from './split/graph-shape';
import type { ShareMap } from './split/share-trials';
import { type MeasuredAgent, type SplitCost, SplitTrials } from './split-goal';

/** What a component may take of an objective, and how that was found. Plain JSON data. */
export interface ComponentShare {
  /** Of the P95 of one call. */
  readonly objectiveMs: number;
  /** Probability that it makes a late run late. */
  readonly criticality: number;
  /** `proportional` to what calm calls take, or such that all copies together cost least. */
  readonly basis: 'proportional' | 'cost';
  /** What it began with: it goes back there while its fit is not to be trusted. */
  readonly proportionalMs: number;
}

/** By component. */
export type ComponentShares = Readonly<Record<string, ComponentShare>>;

export interface MovedShares {
  readonly shares: ComponentShares;
  /** With the shares that are aimed at; left out while those are proportional. */
  readonly cost?: SplitCost;
}

/** Of a share at a time, meant for every quarter of a day: targets follow within hours, and one wrong fit does little. */
export const LARGEST_MOVE = 1.1;

/** Fits are noisy: what they ask for is met by half at a time. */
const LARGEST_PART = 1 / 2;

/** Less than this is left alone. */
const SMALLEST_MOVE = 1.02;

/**
 * The first shares of an objective: in proportion to what calls take at light load.
 *
 * @param uniform random numbers from 0 to below 1
 * @returns undefined if no component with a share was called, or the other nodes miss the objective by themselves
 */
export function proportionalShares(agent: MeasuredAgent, uniform: () => number): ComponentShares | undefined {
  const { nodes, measured, callP95Ms, objectiveMs } = agent;
  const isShared = ({ component = '' }: ShapeNode) => callP95Ms.has(component);
  const split = splitMeasured(nodes, measured, isShared, objectiveMs, uniform);
  if (split === undefined) return undefined;
  return Object.fromEntries(
    [...callP95Ms].map(([component, p95Ms]) => {
      const proportionalMs = split.factor * p95Ms;
      const criticality = split.criticality.get(component) ?? 0;
      return [component, { objectiveMs: proportionalMs, criticality, basis: 'proportional', proportionalMs }];
    }),
  );
}

/**
 * Moves shares one step toward those that need the cheapest copies; of components whose fit is not trusted, back toward
 * those that they began with.
 *
 * @param shares as they are now
 * @param curves by component; of those whose fit is trusted
 * @param aim which part of its share a component is led to take
 * @param uniform random numbers from 0 to below 1
 */
export function moveShares(
  shares: ComponentShares,
  agent: MeasuredAgent,
  curves: ReadonlyMap<string, CostCurve>,
  aim: number,
  uniform: () => number,
): MovedShares {
  const callP95Ms = new Map([...agent.callP95Ms].filter(([name]) => Object.hasOwn(shares, name)));
  const present = new Map([...callP95Ms.keys()].map((name) => [name, shares[name]!.objectiveMs]));
  const proportional = new Map([...callP95Ms.keys()].map((name) => [name, shares[name]!.proportionalMs]));
  const trusted = new Map([...curves].filter(([name]) => callP95Ms.has(name)));
  const hasMoved = Object.values(shares).some((share) => share.objectiveMs !== share.proportionalMs);
  if (trusted.size < 2 && !hasMoved) return { shares };

  const trials = new SplitTrials({ ...agent, callP95Ms }, uniform);
  const goal = trials.goal(present, proportional, trusted, aim);
  if (goal === undefined) return { shares };
  const objectives = stepToward(shares, goal.shares);
  const criticality = trials.criticality(objectives);
  const moved = [...objectives].map(([name, objectiveMs]): [string, ComponentShare] => [
    name,
    {
      objectiveMs,
      criticality: criticality.get(name) ?? 0,
      basis: goal.cost !== undefined && trusted.has(name) ? 'cost' : 'proportional',
      proportionalMs: shares[name]!.proportionalMs,
    },
  ]);
  return { shares: { ...shares, ...Object.fromEntries(moved) }, ...(goal.cost && { cost: goal.cost }) };
}

/**
 * The next shares on the way to a goal. All go the same part of their ways: what lies between shares that meet an objective
 * meets it, too.
 */
export function stepToward(shares: ComponentShares, goal: ShareMap): ShareMap {
  const ways = [...goal].map(([name, ms]) => ({ name, way: Math.log(ms / shares[name]!.objectiveMs) }));
  const longest = Math.max(...ways.map(({ way }) => Math.abs(way)));
  const part = longest < Math.log(SMALLEST_MOVE) ? 0 : Math.min(LARGEST_PART, Math.log(LARGEST_MOVE) / longest);
  return new Map(ways.map(({ name, way }) => [name, shares[name]!.objectiveMs * Math.exp(part * way)]));
}
