import { quantile, requirePositive } from '../numbers';
import { componentCriticality, nodeCriticality } from './criticality';
import { checkShape, type ShapeNode } from './graph-shape';
import { largestWithin } from './largest-within';
import { type DrawnRequest, drawRequests, type MeasuredRun, requestTotal } from './requests';

export interface CalibratedSplit {
  /**
   * Factor on all shares at which the whole P95 equals the objective. Usually above 1, because stages do not peak
   * together: that is what the P95 of a sum saves over the sum of P95s.
   */
  readonly kappa: number;
  /** Share of each node, by id. */
  readonly objectivesMs: ReadonlyMap<string, number>;
  readonly nodeCriticality: ReadonlyMap<string, number>;
  readonly componentCriticality: ReadonlyMap<string, number>;
}

/** Enough for the P95 to be within about 0.3 percentile points. */
const REQUESTS = 20_000;

/**
 * Calibrates a split on measured times by Monte Carlo (ORION, OSDI '22, composes distributions likewise).
 *
 * Each node's measured times are stretched until its own P95 is its share: a fleet that just keeps its split. Then the
 * factor on all shares is bisected, on the same draws, until the P95 of whole requests is the objective.
 *
 * @param sources see `drawRequests`; times of a map are those of the whole map
 * @param objectivesMs share of each node that calls a component, by id; others keep their times
 * @param uniform random numbers from 0 to below 1; the same numbers give the same result
 * @throws RangeError if the nodes without a share miss the objective by themselves.
 */
export function calibrateSplit(
  nodes: readonly ShapeNode[],
  sources: readonly (readonly MeasuredRun[])[],
  objectivesMs: ReadonlyMap<string, number>,
  objectiveMs: number,
  uniform: () => number,
): CalibratedSplit {
  requirePositive('objectiveMs', objectiveMs);
  checkShape(nodes);
  const requests = stretch(nodes, drawRequests(nodes, sources, uniform, REQUESTS), objectivesMs);
  const kappa = findKappa(nodes, requests, objectivesMs, objectiveMs);
  const calibrated = new Map([...objectivesMs].map(([id, ms]) => [id, kappa * ms]));
  const scaled = requests.map((request) => scaleShared(nodes, request, objectivesMs, kappa));
  return {
    kappa,
    objectivesMs: calibrated,
    nodeCriticality: nodeCriticality(nodes, scaled, calibrated, objectiveMs),
    componentCriticality: componentCriticality(nodes, scaled, calibrated, objectiveMs),
  };
}

function findKappa(
  nodes: readonly ShapeNode[],
  requests: readonly DrawnRequest[],
  objectivesMs: ReadonlyMap<string, number>,
  objectiveMs: number,
): number {
  const factorsAt = (kappa: number) => nodes.map(({ id }) => (objectivesMs.has(id) ? kappa : 1));
  const kappa = largestWithin(nodes, requests, objectiveMs, factorsAt);
  if (kappa === Infinity) throw new RangeError('the measured runs take no time in nodes with a share');
  if (kappa !== undefined) return kappa;
  const totalMs = requestTotal(nodes);
  const fixedMs = quantile(
    requests.map((request) => totalMs(request, factorsAt(0))),
    0.95,
  );
  throw new RangeError(`nodes without a share take ${fixedMs} ms at P95, the objective is ${objectiveMs} ms`);
}

function scaleShared(
  nodes: readonly ShapeNode[],
  request: DrawnRequest,
  objectivesMs: ReadonlyMap<string, number>,
  kappa: number,
): DrawnRequest {
  return request.map((ms, i) => (objectivesMs.has(nodes[i]!.id) ? kappa * ms : ms));
}

/** Stretches the times of each node with a share until the P95 of its runs is that share. */
function stretch(
  nodes: readonly ShapeNode[],
  requests: readonly DrawnRequest[],
  objectivesMs: ReadonlyMap<string, number>,
): readonly DrawnRequest[] {
  const factors = nodes.map(({ id }, i) => {
    const objectiveMs = objectivesMs.get(id);
    const times = requests.map((request) => request[i]!).filter((ms) => ms > 0);
    return objectiveMs === undefined || times.length === 0 ? 1 : objectiveMs / quantile(times, 0.95);
  });
  return requests.map((request) => request.map((ms, i) => ms * factors[i]!));
}
