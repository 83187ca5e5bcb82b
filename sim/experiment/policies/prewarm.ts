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
import { MINUTE_US } from '../../kernel/time-units';
import type { Actor } from '../../kernel/timeline';
import type { Policy, PolicyContext } from '../policy';
import { Floors } from './floors';
import { RunLessons } from './run-lessons';
import { ToldRuns } from './told-runs';
import { type PrewarmOptions, warmConfigOf, watchedModels } from './warm-config';
import { warmGraphOf } from './warm-graph';
import { WarmLearner } from './warm-learner';
import type { WatchedModel } from './watched-model';

/**
 * The warmer of the runtime in a simulated world: the same decisions, from what it would know there. It sees whether
 * copies serve and whether some are on their way. Of runs it is told that they have begun, if they found something cold,
 * and what they called, when they have ended. How long starts, nodes and pauses take, and which branches are taken, it
 * learns as it goes.
 */
export function prewarmPolicy(name: WarmPolicyName, options: PrewarmOptions = {}): Policy {
  return (context) => (name === 'none' ? {} : new Prewarmer(name, options, context));
}

/** What the warmer asks of the timeline. */
const MINUTE = 0;
const POLL = 1;
const WAKE = 2;

/** Whoever starts a copy asks so often whether it serves. */
const POLL_US = 5e6;
/** A hold that ends sooner is looked at. */
const RENEWAL_US = 8 * MINUTE_US;
/** What no open run is known to want is thought over so often. */
const REVIEW_MINUTES = 5;

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
  readonly #runs: ToldRuns;
  readonly #lessons = new RunLessons();
  /** Of models that are called whichever branches are taken. */
  readonly #certain: ReadonlySet<string>;
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
    const certain = this.#graph.nodes.flatMap(({ component, conditional }) => (conditional ? [] : (component ?? [])));
    this.#certain = new Set(certain);
    this.#runs = new ToldRuns(this.#graph.name);
    this.#learner = new WarmLearner(this.#graph, context);
    this.#config = warmConfigOf(this.#graph, this.#models, options, context);
    this.#floors = name === 'entryForecast' ? new Floors(this.#models) : undefined;
    timeline.at(timeline.nowUs + MINUTE_US, this, MINUTE);
  }

  onRunStart(run: AgentRun): void {
    this.#runs.begin(run);
    const { nowUs } = this.context.timeline;
    if (!this.#models.some((model) => model.isToAskFor(nowUs))) return;
    this.#runs.findCold();
    this.#ask();
    this.#pollWhileNeeded();
  }

  /** Whatever was seen at the last look. */
  onCallRefused(component: number): void {
    const at = this.#modelOfComponent[component];
    if (at === undefined) return;
    const model = this.#models[at]!;
    const isNews = model.refused(this.context.timeline.nowUs);
    this.#runs.refused(model.name);
    if (!this.#runs.findCold() && !isNews) return;
    this.#runs.askAnew();
    this.#ask();
    this.#pollWhileNeeded();
  }

  onCallEnd(component: number, latencyUs: number, coldUs: number): void {
    const at = this.#modelOfComponent[component];
    if (at !== undefined) this.#floors?.served(at, latencyUs - coldUs);
  }

  onRunEnd(run: AgentRun, latencyUs: number): void {
    const { nowUs } = this.context.timeline;
    const wasTold = this.#runs.end(run);
    if (latencyUs < Infinity) this.#learner.run(run, nowUs);
    const wasCold = this.#addCalls(run);
    const told = this.#lessons.tell(wasTold || wasCold, nowUs);
    if (!told) return;
    for (const model of this.#models) {
      const activity = told.get(model.name);
      for (const pauseMs of activity ? model.told(activity) : []) this.#learner.pause(model.name, pauseMs, nowUs);
    }
  }

  /** @returns whether one of them waited for a copy */
  #addCalls({ times }: AgentRun): boolean {
    let wasCold = false;
    times.forEach(({ startUs, endUs, coldUs, isSkipped }, node) => {
      const at = this.#modelOfNode[node];
      if (at === undefined || isSkipped || Number.isNaN(endUs)) return;
      this.#lessons.add(this.#models[at]!.name, startUs, endUs, coldUs);
      if (coldUs > 0) wasCold = true;
    });
    return wasCold;
  }

  act(what: number): void {
    if (what === MINUTE) this.#everyMinute();
    else if (what === POLL) this.#poll();
    else if (this.context.timeline.nowUs === this.#wakeAtUs) this.#decide();
  }

  /** As the orchestrator does, from what the board says: what was seen at the last look. */
  #ask(): void {
    const { nowUs } = this.context.timeline;
    const { knowledge } = this.#learner;
    const cold = this.#models.filter((model) => model.isToAskFor(nowUs));
    const readyAtMs = cold.map((model) => model.expectedReadyAtMs(knowledge, nowUs));
    if (this.#runs.ask(readyAtMs, nowUs / 1000)) this.#decide();
  }

  #everyMinute(): void {
    const { timeline } = this.context;
    this.#minutes++;
    if (this.#floors) {
      this.#floors.look(timeline.nowUs, MINUTE_US);
      this.#floorCopies = this.#floors.copies(this.#learner.knowledge, timeline.nowUs);
    }
    if (this.#models.some((model) => !this.#isSettled(model))) this.#decide();
    else this.#look();
    timeline.at(timeline.nowUs + MINUTE_US, this, MINUTE);
  }

  /** Whether there is nothing to decide of a model. */
  #isSettled(model: WatchedModel): boolean {
    // Whether a warm-up was of use shows while its copies are there.
    if (this.#state.warmUps?.[model.name]) return false;
    const hold = this.#state.holds[model.name];
    const floor = this.#floorCopies[model.name] ?? 0;
    if (floor > (hold?.copies ?? 0)) return false;
    const isEnding = hold !== undefined && hold.untilMs * 1000 - this.context.timeline.nowUs < RENEWAL_US;
    if (isEnding) return false;
    if (model.isCold) return !this.#runs.areAny && !(this.#isKeeping && this.#isReview);
    if (this.#isKeeping) return hold !== undefined && !this.#isReview;
    return !hold;
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
    const statusOf = (model: WatchedModel) =>
      model.status(knowledge, this.#runs.areAny && this.#certain.has(model.name), nowUs);
    const observation = {
      requests: this.#runs.requests(),
      components: Object.fromEntries(this.#models.map((model) => [model.name, statusOf(model)])),
      floorCopies: this.#floorCopies,
      knowledge,
    };
    const { state, actions, declines = [], wakeAtMs } = decide(this.#state, observation, this.#config, nowUs / 1000);
    this.#state = state;
    for (const action of actions) this.#carryOut(action);
    for (const { component, untilMs } of declines) this.#modelOf(component).decline(untilMs, nowUs);
    this.#wakeAt(wakeAtMs);
    this.#look();
  }

  #wakeAt(atMs: number | undefined): void {
    const atUs = atMs === undefined ? undefined : Math.ceil(atMs * 1000);
    if (atUs !== undefined && atUs !== this.#wakeAtUs) this.context.timeline.at(atUs, this, WAKE);
    this.#wakeAtUs = atUs;
  }

  #carryOut(action: WarmAction): void {
    const { name, autoscaler } = this.#modelOf(action.component);
    const before = this.#holds.get(name);
    this.#holds.delete(name);
    if (action.type !== 'release') {
      this.#holds.set(name, autoscaler.raiseMinimum(action.copies, Math.round(action.untilMs * 1000)));
    }
    before?.();
  }

  #modelOf(component: string): WatchedModel {
    return this.#models.find(({ name }) => name === component)!;
  }

  #poll(): void {
    this.#isPolling = false;
    this.#look();
    if (this.#runs.areWatched) this.#ask();
  }

  /** Notices starts and their ends; keeps looking while there is something to wait for. */
  #look(): void {
    const { timeline } = this.context;
    const { nowUs } = timeline;
    for (const model of this.#models) {
      const started = model.look(nowUs);
      if (started) this.#learner.start(model.name, started, nowUs);
    }
    this.#pollWhileNeeded();
  }

  /** While a start is under way, or runs have found something cold. */
  #pollWhileNeeded(): void {
    const isNeeded = this.#runs.areWatched || this.#models.some(({ isAwaited }) => isAwaited);
    if (this.#isPolling || !isNeeded) return;
    this.#isPolling = true;
    const { timeline } = this.context;
    timeline.at(timeline.nowUs + POLL_US, this, POLL);
  }
}
