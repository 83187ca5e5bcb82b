import {
  ALL_MECHANISMS,
  type ComponentConfig,
  type ComponentObservation,
  type Mechanisms,
  NO_TUNER_STATE,
  type TunerConfig,
  tune,
} from '../../../core/scale';
import { zeroablePrices } from '../../../core/scale/tuner/config';
import { HOUR_MS, MINUTE_MS } from '../../../core/time-units';
import type { AgentRun } from '../../agent/agent-run';
import type { RunObserver } from '../../agent/agent-runs';
import type { Actor } from '../../kernel/timeline';
import type { Policy, PolicyContext } from '../policy';
import { TunedComponent } from './tuner-component';
import { SplitCorrection } from './tuner-correction';
import { KeptCopies } from './tuner-kept-copies';
import { SLOT_MS } from './tuner-metrics';
import { TunedObjectives } from './tuner-objectives';

export interface TunerOptions {
  /** What it does. @default all mechanisms */
  readonly mechanisms?: Partial<Mechanisms>;
  /** What stays of the objective's split as it was made first. @default none: all of it follows what is measured */
  readonly fixed?: readonly SplitPart[];
  /** What decides at each tick. @default tune */
  readonly decide?: typeof tune;
}

/** What each component has of the objective beside the others, and the factor on all of it. */
export type SplitPart = 'shares' | 'stretch';

/** The objective is split over the components by what as many runs needed. */
const RUNS_TO_SPLIT = 1000;

/** Shares move once in each. */
const DAY_PART_MS = 6 * HOUR_MS;

/**
 * The tuner as it runs on AWS: each minute it reads the metrics that are out, and moves targets and minima of whatever
 * has an autoscaler. It starts once enough runs have come to split the objective by.
 */
export function tunerPolicy({ mechanisms = {}, fixed = [], decide = tune }: TunerOptions = {}): Policy {
  return (context) => new Tuner(context, { ...ALL_MECHANISMS, ...mechanisms }, fixed, decide);
}

class Tuner implements RunObserver, Actor {
  readonly #components: readonly TunedComponent[];
  /** By the positions that observers are told; undefined for what does not scale. */
  readonly #byPosition: readonly (TunedComponent | undefined)[];
  readonly #correction: SplitCorrection;
  readonly #kept: KeptCopies;
  #runs = 0;
  #objectives: TunedObjectives | undefined;
  #config: TunerConfig | undefined;
  #state = NO_TUNER_STATE;

  constructor(
    private readonly context: PolicyContext,
    private readonly mechanisms: Mechanisms,
    private readonly fixed: readonly SplitPart[],
    private readonly decide: typeof tune,
  ) {
    const { world, worldModel, components, timeline, objective } = context;
    this.#components = world.models.flatMap((component) => {
      const model = worldModel.components[component.name]!;
      return component.autoscaler && model.kind !== 'tool'
        ? [new TunedComponent(component, component.autoscaler, model)]
        : [];
    });
    this.#byPosition = components.map((name) => this.#components.find((component) => component.name === name));
    this.#correction = new SplitCorrection(objective.p95Ms);
    this.#kept = new KeptCopies(objective.p95Ms);
    timeline.at(timeline.nowUs + SLOT_MS * 1000, this);
  }

  onRunStart(): void {
    this.#runs++;
  }

  onRunEnd(run: AgentRun, latencyUs: number): void {
    this.#correction.runEnded(latencyUs);
    this.#kept.runEnded(run, latencyUs);
  }

  onCallStart(component: number): void {
    this.#byPosition[component]?.metrics.callStarted();
  }

  onCallEnd(component: number, latencyUs: number, coldUs: number, retryUs: number): void {
    const tuned = this.#byPosition[component];
    tuned?.metrics.callEnded(latencyUs, coldUs, retryUs);
    if (tuned && coldUs > 0) this.#kept.callWaited(tuned.name, coldUs);
  }

  onCallFail(component: number, latencyUs: number): void {
    this.#byPosition[component]?.metrics.callFailed(latencyUs);
  }

  act(): void {
    const { timeline } = this.context;
    const nowMs = timeline.nowUs / 1000;
    for (const component of this.#components) component.endSlot(nowMs);
    if (nowMs % MINUTE_MS === 0) this.#tick(nowMs);
    timeline.at(timeline.nowUs + SLOT_MS * 1000, this);
  }

  #tick(nowMs: number): void {
    for (const component of this.#components) component.endMinute(nowMs);
    if (this.#runs >= RUNS_TO_SPLIT) this.#config ??= this.#begin(nowMs);
    if (nowMs % HOUR_MS === 0) this.#endHour(nowMs);
    if (this.#config === undefined) return;
    if (this.#kept.endMinute(nowMs, zeroablePrices(this.#config.components))) this.#config = this.#configure();

    const observation: Record<string, ComponentObservation> = {};
    for (const { name, observation: observed } of this.#components) {
      if (observed) observation[name] = observed;
    }
    const { state, actions } = this.decide(this.#state, observation, this.#config, nowMs);
    this.#state = state;
    for (const action of actions) {
      this.#components.find(({ name }) => name === action.component)?.lever.apply(action);
    }
  }

  #begin(nowMs: number): TunerConfig {
    this.#correction.begin(nowMs);
    return this.#configure();
  }

  #endHour(nowMs: number): void {
    const before = this.#correction.stretch;
    if (!this.fixed.includes('stretch')) this.#correction.endHour(nowMs);
    if (this.#config === undefined) return;
    if (nowMs % DAY_PART_MS === 0 && !this.fixed.includes('shares')) this.#moveShares(nowMs);
    else if (this.#correction.stretch === before) return;
    this.#config = this.#configure();
  }

  #moveShares(nowMs: number): void {
    const learned = this.#components.flatMap(({ name, observation, limits: { minCopies } }) => {
      const { fit, demand } = this.#state.components[name] ?? {};
      if (fit === undefined || demand === undefined || observation === undefined) return [];
      return [{ name, fit, demand, meanServiceSeconds: observation.meanServiceSeconds, minCopies }];
    });
    this.#objectives?.move(learned, this.#correction.stretch, nowMs);
  }

  #configure(): TunerConfig {
    this.#objectives ??= new TunedObjectives(this.context, RUNS_TO_SPLIT);
    const objectives = this.#objectives.all;
    const components: Record<string, ComponentConfig> = {};
    for (const { name, limits, metrics } of this.#components) {
      const objective = objectives.get(name);
      if (objective === undefined) continue;
      const objectiveMs = this.#correction.stretch * objective.objectiveMs;
      metrics.objectiveMs = objectiveMs;
      const keptCopy = this.#kept.of(name);
      components[name] = {
        ...objective,
        objectiveMs,
        ...limits,
        ...(keptCopy && { keptCopy }),
      };
    }
    return { mode: 'act', mechanisms: this.mechanisms, components };
  }
}
