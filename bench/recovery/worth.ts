import { tune } from '../../core/scale/index.ts';
import { tunerPolicy } from '../../sim/experiment/policies/tuner.ts';
import { score } from '../../sim/experiment/score.ts';
import { simulate } from '../../sim/experiment/simulate.ts';
import type { WorldModel } from '../../sim/world/world-model.ts';
import { ABLATIONS, COOLDOWNS } from './ablations.ts';
import { LOADS } from './loads.ts';

/** Of one seed of one load, with one mechanism left out. */
export interface WorthFigures {
  readonly load: string;
  readonly seed: number;
  readonly without: string;
  readonly costUsd: number;
  /** Null if that run failed. */
  readonly p95Seconds: number | null;
  /** Runs beyond the objective or failed. */
  readonly lateShare: number;
  /** Writes of scaling policies, of all models, from the beginning on. */
  readonly writes: number;
}

/** What the tuner writes with the first target that it moves, wherever copies take longer than half a minute to start. */
const TUNED_COOLDOWN_SECONDS = 1800;

/** The tuner as a whole, or without one of its mechanisms. */
export function measureWorth(load: string, without: string, seed: number): WorthFigures {
  const settings = LOADS[load]!.settings(seed);
  const { world, scenario, requests, scoreFromUs } = settings;
  const { decide = tune, ...options } = ABLATIONS[without] ?? {};
  let writes = 0;
  const counted: typeof tune = (state, observation, config, nowMs) => {
    const decision = decide(state, observation, config, nowMs);
    writes += decision.actions.filter(({ type }) => type === 'set-target' || type === 'restore-policy').length;
    return decision;
  };
  const outcome = simulate({
    ...settings,
    world: without === COOLDOWNS ? withScaleInCooldown(world, TUNED_COOLDOWN_SECONDS) : world,
    policies: [tunerPolicy({ ...options, decide: counted })],
  });
  const { row } = score(outcome, requests.durationUs - scoreFromUs, scenario.objective.p95Ms);
  return {
    load,
    seed,
    without,
    costUsd: row.costUsd,
    p95Seconds: row.p95Ms === null ? null : row.p95Ms / 1000,
    lateShare: 1 - row.attainment,
    writes,
  };
}

function withScaleInCooldown(world: WorldModel, scaleInCooldownSeconds: number): WorldModel {
  const components = Object.entries(world.components).map(([name, model]) => {
    if (model.kind === 'tool' || model.scaling.rule.kind !== 'target-tracking') return [name, model];
    const rule = { ...model.scaling.rule, scaleInCooldownSeconds };
    return [name, { ...model, scaling: { ...model.scaling, rule } }];
  });
  return { ...world, components: Object.fromEntries(components) };
}
