import { quantileOfSorted } from '../numbers';
import { criticalPath } from './criticality';
import type { ShapeNode } from './graph-shape';
import { largestWithin } from './largest-within';
import { type DrawnRequest, endTimesMs, needPositions, requestTotal } from './requests';

/** What the P95 of one call may be, by component. */
export type ShareMap = ReadonlyMap<string, number>;

/** Requests between these percentiles stand for those around the P95. */
const AROUND_P95 = [0.93, 0.97] as const;

/** Requests as they would go if each component took just its share. */
export class ShareTrials {
  /**
   * @param requests times of nodes whose component has a share as parts of that share, of others in milliseconds
   * @param objectiveMs of the P95 of whole requests
   */
  constructor(
    private readonly nodes: readonly ShapeNode[],
    private readonly requests: readonly DrawnRequest[],
    readonly objectiveMs: number,
  ) {}

  /**
   * The largest factor whose shares let whole requests meet the objective; see `largestWithin`.
   *
   * @param sharesAt of all components; none may shrink as the factor grows
   */
  largestFactor(sharesAt: (factor: number) => ShareMap): number | undefined {
    return largestWithin(this.nodes, this.requests, this.objectiveMs, (factor) => this.#factorsOf(sharesAt(factor)));
  }

  /** By component, how much the P95 of whole requests grows with its share: what its calls on the critical path take of it. */
  sensitivities(shares: ShareMap): ReadonlyMap<string, number> {
    const factors = this.#factorsOf(shares);
    const totalMs = requestTotal(this.nodes);
    const totals = Float64Array.from(this.requests, (request) => totalMs(request, factors));
    const sorted = totals.toSorted();
    const [low, high] = AROUND_P95.map((q) => quantileOfSorted(sorted, q)) as [number, number];
    const needs = needPositions(this.nodes);
    const ends = new Float64Array(this.nodes.length);
    const sums = new Map<string, number>();
    let count = 0;
    for (const [r, request] of this.requests.entries()) {
      if (totals[r]! < low || totals[r]! > high) continue;
      count++;
      endTimesMs(needs, this.#scaled(request, factors), ends);
      for (const i of criticalPath(needs, ends)) {
        const { component } = this.nodes[i]!;
        if (component !== undefined) sums.set(component, (sums.get(component) ?? 0) + request[i]!);
      }
    }
    return new Map([...sums].map(([component, sum]) => [component, sum / count]));
  }

  /** The requests in milliseconds. */
  requestsMs(shares: ShareMap): readonly DrawnRequest[] {
    const factors = this.#factorsOf(shares);
    return this.requests.map((request) => this.#scaled(request, factors));
  }

  #factorsOf(shares: ShareMap): number[] {
    return this.nodes.map(({ component = '' }) => shares.get(component) ?? 1);
  }

  #scaled(request: DrawnRequest, factors: readonly number[]): DrawnRequest {
    return request.map((part, i) => factors[i]! * part);
  }
}
