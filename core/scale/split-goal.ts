import { type CostCurve, usdPerHourAt } from './cost-curve';
import { type MeasuredNode, measuredSources } from './measured-split';
import { cheapestShares, type PricedShare } from './split/cheapest-shares';
import { componentCriticality } from './split/criticality';
import type { ShapeNode } from './split/graph-shape';
import { drawRequests } from './split/requests';
import { type ShareMap, ShareTrials } from './split/share-trials';

/** An agent as it was measured over a day. */
export interface MeasuredAgent {
  readonly nodes: readonly ShapeNode[];
  /** By node. */
  readonly measured: ReadonlyMap<string, MeasuredNode>;
  /** Of one call at light load, by component; of those that were called. */
  readonly callP95Ms: ShareMap;
  /** Of the P95 of whole runs. */
  readonly objectiveMs: number;
}

/** Shares that objectives are led to, and what copies cost with them. */
export interface SplitGoal {
  readonly shares: ShareMap;
  /** Left out where they are proportional. */
  readonly cost?: SplitCost;
}

/** Of the copies of all components whose fit is trusted. Plain JSON data. */
export interface SplitCost {
  readonly usdPerHour: number;
  /** With proportional shares; `null` if no number of copies keeps those, because JSON has no infinity. */
  readonly proportionalUsdPerHour: number | null;
}

/** Enough for the P95 to be within about 0.6 percentile points: the rest is corrected by what runs really take. */
const REQUESTS = 5000;

/** Fits are no better than that: what saves less is not worth a change. */
const LEAST_SAVING = 0.02;

/** Shares that differ by a smaller part are the same. */
const ALIKE = 0.01;

/** An agent whose runs can be tried with other shares. */
export class SplitTrials {
  readonly #trials: ShareTrials;

  /**
   * @param agent all of its components have a share, of those that were called
   * @param uniform random numbers from 0 to below 1
   */
  constructor(
    private readonly agent: MeasuredAgent,
    uniform: () => number,
  ) {
    const { nodes, measured, callP95Ms, objectiveMs } = agent;
    const callsMs = nodes.map(({ component = '' }) => callP95Ms.get(component) ?? 1);
    const requests = drawRequests(nodes, measuredSources(nodes, measured), uniform, REQUESTS);
    for (const request of requests) for (const [i, callMs] of callsMs.entries()) request[i]! /= callMs;
    this.#trials = new ShareTrials(nodes, requests, objectiveMs);
  }

  /**
   * The shares with which copies cost least; the present ones, brought to the objective, where those cost hardly more.
   *
   * Components without a curve have proportional shares, and the others what those leave.
   *
   * @param present shares as they are, of all components
   * @param proportional shares, however large together
   * @param curves of those whose fit is trusted
   * @param aim which part of its share a component is led to take
   * @returns undefined if whole runs do not meet the objective whatever the shares, or meet it with any
   */
  goal(
    present: ShareMap,
    proportional: ShareMap,
    curves: ReadonlyMap<string, CostCurve>,
    aim: number,
  ): SplitGoal | undefined {
    const level = this.#level(proportional);
    if (level === undefined || curves.size < 2) return level && { shares: level };
    const others = new Map([...level].filter(([component]) => !curves.has(component)));
    const priced = new Map([...curves].map(([component, curve]) => [component, pricedShare(curve, aim)]));
    const usdOf = (shares: ShareMap) => costOf(curves, shares, aim);

    const cheapest = cheapestShares(this.#trials, priced, others, level);
    const best = cheapest && usdOf(cheapest) < usdOf(level) ? cheapest : level;
    const kept = this.#level(new Map([...present].filter(([component]) => curves.has(component))), others) ?? level;
    const isKept = usdOf(kept) <= usdOf(level) && usdOf(best) > (1 - LEAST_SAVING) * usdOf(kept);
    const chosen = isKept ? kept : best;
    const shares = new Map([...level, ...others, ...chosen]);
    if (isAlike(shares, level)) return { shares };
    const proportionalUsd = usdOf(level);
    const proportionalUsdPerHour = proportionalUsd < Infinity ? proportionalUsd : null;
    return { shares, cost: { usdPerHour: usdOf(chosen), proportionalUsdPerHour } };
  }

  /** Probability that a component makes a late run late, by component. */
  criticality(shares: ShareMap): ReadonlyMap<string, number> {
    const { nodes, measured, callP95Ms, objectiveMs } = this.agent;
    const nodeShares = nodes.flatMap(({ id, component = '' }) => {
      const share = shares.get(component);
      const node = measured.get(id);
      return share === undefined || node === undefined
        ? []
        : [[id, (share / callP95Ms.get(component)!) * node.latency.percentileMs(95)] as const];
    });
    return componentCriticality(nodes, this.#trials.requestsMs(shares), new Map(nodeShares), objectiveMs);
  }

  /** Shares in the same proportion with which whole runs just meet the objective, beside others that stay. */
  #level(shares: ShareMap, others: ShareMap = new Map()): ShareMap | undefined {
    const sharesAt = (factor: number) => new Map([...shares].map(([component, ms]) => [component, factor * ms]));
    const factor = this.#trials.largestFactor((each) => new Map([...others, ...sharesAt(each)]));
    return factor === undefined || factor === Infinity ? undefined : sharesAt(factor);
  }
}

function isAlike(shares: ShareMap, others: ShareMap): boolean {
  return [...shares].every(([component, ms]) => Math.abs(Math.log(ms / others.get(component)!)) < ALIKE);
}

/** A share is longer than the P95 that it leads to. */
function pricedShare(curve: CostCurve, aim: number): PricedShare {
  return {
    idleMs: curve.idleP95Ms / aim,
    weight: Math.sqrt((curve.packedUsdPerHour * curve.idleP95Ms) / aim),
    shortestMs: curve.shortestP95Ms / aim,
    longestMs: curve.longestP95Ms / aim,
  };
}

function costOf(curves: ReadonlyMap<string, CostCurve>, shares: ShareMap, aim: number): number {
  return [...curves].reduce((sum, [component, curve]) => sum + usdPerHourAt(curve, aim * shares.get(component)!), 0);
}
