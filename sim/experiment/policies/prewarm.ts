import {
  EMPTY_WARM_STATE,
  WARM_POLICIES,
  type WarmAction,
  type WarmConfig,
  type WarmGraph,
  type WarmPolicyName,
  type WarmState,
} from '../../../core/warm';
import type { AgentRun } from '../../agent/agent-run';
import type { RunObserver } from '../../agent/agent-runs';
import type { Actor } from '../../kernel/timeline';
import type { Policy, PolicyContext } from '../policy';
import { Floors } from './floors';
import { openRequestOf } from './run-progress';
import { type PrewarmOptions, warmConfigOf, watchedModels } from './warm-config';
import { warmGraphOf } from './warm-graph';
import { WarmLearner } from './warm-learner';
import type { WatchedModel } from './watched-model';

/**
 * The warmer of the runtime in a simulated world: the same decisions, from what a runtime would know. It sees whether
 * copies serve and whether some are on their way; how long starts, nodes and pauses take, and which branches are taken,
 * it learns as it goes.
 */
export function prewarmPolicy(name: WarmPolicyName, options: PrewarmOptions = {}): Policy {
  return (context) => (name === 'none' ? {} : new Prewarmer(name, options, context));
}

/** What the warmer asks of the timeline. */
const MINUTE = 0;
const POLL = 1;
const WAKE = 2;

const MINUTE_US = 60e6;
/** Whoever starts a copy asks so often whether it serves. */
const POLL_US = 5e6;
/** A hold that ends sooner is looked at. */
const RENEWAL_US = 8 * MINUTE_US;
/** What was left cold is thought over so often, and whenever twice as many runs want it. */
const REVIEW_MINUTES = 5;
/** Open runs that a decision looks at, the newest: one more of so many hardly changes it. */
const MAX_OBSERVED_RUNS = 32;

/** Policies that go by how long a model has been without a call. */
const KEEPING: readonly WarmPolicyName[] = ['keepAlive', 'entryKeepAlive', 'entryForecast'];

class Prewarmer implements RunObserver, Actor {
  readonly #models: readonly WatchedModel[];
  /** Position of the model that a node calls, by node and by component; undefined for a tool or a function. */
  readonly #modelOfNode: readonly (number | undefined)[];
  readonly #modelOfComponent: readonly (number | undefined)[];
  readonly #graph: WarmGraph;
  readonly #config: WarmConfig;
  readonly #floors: Floors | undefined;
  readonly #learner: WarmLearner;
  readonly #open = new Set<AgentRun>();
  /** What ends a hold before its time, by component. */
  readonly #holds = new Map<string, () => void>();
  #floorCopies: Readonly<Record<string, number>> = {};
  #state: WarmState = EMPTY_WARM_STATE;
  #isPolling = false;
  /** When a start that was put off becomes due. */
  #wakeAtUs: number | undefined;
  #minutes = 0;

  constructor(
    private readonly name: WarmPolicyName,
    options: PrewarmOptions,
    private readonly context: PolicyContext,
  ) {
    const { plan, components, timeline } = context;
    this.#models = watchedModels(context);
    const position = new Map(this.#models.map((model, at) => [model.name, at]));
    this.#modelOfComponent = components.map((component) => position.get(component));
    this.#modelOfNode = plan.nodes.map(({ component }) => this.#modelOfComponent[component]);
    this.#graph = warmGraphOf('agent', plan, components);
    this.#learner = new WarmLearner(this.#graph, context);
    this.#config = warmConfigOf(this.#graph, this.#models, options, context);
    this.#floors = name === 'entryForecast' ? new Floors(this.#models) : undefined;
    timeline.at(timeline.nowUs + MINUTE_US, this, MINUTE);
  }

  onRunStart(run: AgentRun): void {
    this.#open.add(run);
    this.#askIfNew();
  }

  onNodeStart(_run: AgentRun, node: number): void {
    const at = this.#modelOfNode[node];
    if (at === undefined) return;
    const { nowUs } = this.context.timeline;
    const model = this.#models[at]!;
    const pauseUs = model.begin(nowUs);
    if (pauseUs !== undefined) this.#learner.pause(model.name, pauseUs, nowUs);
    this.#askIfNew();
  }

  onNodeEnd({ times }: AgentRun, node: number): void {
    const at = this.#modelOfNode[node];
    if (at !== undefined && !times[node]!.isSkipped) this.#models[at]!.end(this.context.timeline.nowUs);
  }

  onCallEnd(component: number, latencyUs: number, coldUs: number): void {
    const at = this.#modelOfComponent[component];
    if (at !== undefined) this.#floors?.served(at, latencyUs - coldUs);
  }

  onRunEnd(run: AgentRun, latencyUs: number): void {
    this.#open.delete(run);
    if (latencyUs === Infinity) this.#abandon(run);
    else this.#learner.run(run, this.context.timeline.nowUs);
  }

  act(what: number): void {
    if (what === MINUTE) this.#everyMinute();
    else if (what === POLL) this.#poll();
    else if (this.context.timeline.nowUs === this.#wakeAtUs) this.#decide();
  }

  /** Whether anything is not warm that more runs want than when a decision last looked at it. */
  #askIfNew(): void {
    if (this.name === 'keepAlive') return;
    for (const model of this.#models) {
      if (!model.isNewQuestion(this.#open.size)) continue;
      this.#decide();
      return;
    }
  }

  #everyMinute(): void {
    const { timeline } = this.context;
    this.#minutes++;
    if (this.#floors) {
      this.#floors.look(timeline.nowUs, MINUTE_US);
      this.#floorCopies = this.#floors.copies(this.#learner.knowledge, timeline.nowUs);
    }
    if (this.#open.size === 0 && this.#isReview) for (const model of this.#models) model.forget();
    if (this.#models.some((model) => !this.#isSettled(model))) this.#decide();
    else this.#look();
    timeline.at(timeline.nowUs + MINUTE_US, this, MINUTE);
  }

  /** Whether there is nothing to decide of a model. */
  #isSettled(model: WatchedModel): boolean {
    const hold = this.#state.holds[model.name];
    const floor = this.#floorCopies[model.name] ?? 0;
    if (floor > (hold?.copies ?? 0)) return false;
    const isEnding = hold !== undefined && hold.untilMs * 1000 - this.context.timeline.nowUs < RENEWAL_US;
    if (isEnding) return false;
    if (model.isCold) return (this.#open.size === 0 && !this.#isKeeping) || !this.#isReview;
    if (this.#isKeeping && model.callers === 0) return hold !== undefined && !this.#isReview;
    return !hold || model.callers > 0 || floor > 0;
  }

  get #isKeeping(): boolean {
    return KEEPING.includes(this.name);
  }

  get #isReview(): boolean {
    return this.#minutes % REVIEW_MINUTES === 0;
  }

  #decide(): void {
    const { nowUs } = this.context.timeline;
    this.#look();
    const decide = WARM_POLICIES[this.name];
    const { knowledge } = this.#learner;
    const requests = [...this.#open].slice(-MAX_OBSERVED_RUNS).map((run) => openRequestOf(run, this.#graph));
    const components = Object.fromEntries(this.#models.map((model) => [model.name, model.status(knowledge, nowUs)]));
    const observation = { requests, components, floorCopies: this.#floorCopies, knowledge };
    const { state, actions, wakeAtMs } = decide(this.#state, observation, this.#config, nowUs / 1000);
    this.#state = state;
    for (const action of actions) this.#carryOut(action);
    for (const model of this.#models) model.answered(this.#open.size);
    this.#wakeAt(wakeAtMs);
    this.#look();
  }

  #wakeAt(atMs: number | undefined): void {
    const atUs = atMs === undefined ? undefined : Math.ceil(atMs * 1000);
    if (atUs !== undefined && atUs !== this.#wakeAtUs) this.context.timeline.at(atUs, this, WAKE);
    this.#wakeAtUs = atUs;
  }

  #carryOut(action: WarmAction): void {
    const { name, autoscaler } = this.#models.find((model) => model.name === action.component)!;
    const before = this.#holds.get(name);
    this.#holds.delete(name);
    if (action.type !== 'release') {
      this.#holds.set(name, autoscaler.raiseMinimum(action.copies, Math.round(action.untilMs * 1000)));
    }
    before?.();
  }

  #poll(): void {
    this.#isPolling = false;
    this.#look();
  }

  /** Notices starts and their ends; keeps looking while there is something to wait for. */
  #look(): void {
    const { timeline } = this.context;
    const { nowUs } = timeline;
    for (const model of this.#models) {
      const started = model.look(nowUs);
      if (started) this.#learner.start(model.name, started, nowUs);
    }
    if (this.#isPolling || !this.#models.some(({ isAwaited }) => isAwaited)) return;
    this.#isPolling = true;
    timeline.at(nowUs + POLL_US, this, POLL);
  }

  /** The nodes of a run that was given up call no more. */
  #abandon({ times }: AgentRun): void {
    times.forEach(({ startUs, endUs }, node) => {
      const at = this.#modelOfNode[node];
      if (at === undefined || Number.isNaN(startUs) || !Number.isNaN(endUs)) return;
      this.#models[at]!.end(this.context.timeline.nowUs);
    });
  }
}
