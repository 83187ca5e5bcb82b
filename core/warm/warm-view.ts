import { HOUR_MS } from '../time-units';
import type { ColdStart } from './cold-start';
import { Expectations } from './expectations';
import type { WarmGraph } from './graph';
import { type KeepAlivePlan, keepAlivePlan } from './keep-alive';
import { componentColdStart } from './knowledge';
import { meanMs, quantileMs } from './log-normal';
import type { ComponentStatus, WarmComponent, WarmConfig, WarmObservation } from './policy';
import { type ForecastInputs, type OpenRequest, RunForecast } from './run-forecast';
import { delayPenaltyPerHourUsd } from './worth';

/** From here on a start is dear enough to ask for evidence: some seconds of a GPU. */
const EXPENSIVE_START_USD = 0.01;

export interface KnownComponent {
  readonly costs: WarmComponent;
  readonly status: ComponentStatus;
}

/** What is known when a decision is made; whatever takes work is worked out when it is first asked for, and once. */
export class WarmView {
  readonly #observation: WarmObservation;
  readonly #config: WarmConfig;
  readonly #nowMs: number;
  readonly #expected = new Map<string, Expectations>();
  readonly #components = new Map<string, KnownComponent>();
  readonly #coldStarts = new Map<string, ColdStart>();
  readonly #keepAlives = new Map<string, KeepAlivePlan>();

  constructor(observation: WarmObservation, config: WarmConfig, nowMs: number) {
    this.#observation = observation;
    this.#config = config;
    this.#nowMs = nowMs;
  }

  /** What can be warmed: known to the configuration and to the board. */
  component(name: string): KnownComponent | undefined {
    const known = this.#components.get(name);
    if (known) return known;
    const costs = this.#config.components[name];
    const status = this.#observation.components[name];
    if (!costs || !status) return undefined;
    const { targetConcurrency } = status;
    const live = targetConcurrency === undefined ? costs : { ...costs, concurrencyPerCopy: targetConcurrency };
    const component = { costs: live, status };
    this.#components.set(name, component);
    return component;
  }

  coldStart(name: string): ColdStart {
    const known = this.#coldStarts.get(name);
    if (known) return known;
    const path = this.#observation.components[name]?.path ?? 'new-instance';
    const coldStart = componentColdStart(this.#observation.knowledge, name, path, this.#nowMs);
    this.#coldStarts.set(name, coldStart);
    return coldStart;
  }

  /** What nine of ten starts take at most. */
  lateStartMs(name: string): number {
    return quantileMs(this.coldStart(name), 0.9);
  }

  keepAlive(name: string, costs: WarmComponent): KeepAlivePlan {
    const known = this.#keepAlives.get(name);
    if (known) return known;
    const coldStart = this.coldStart(name);
    const coldStartMs = meanMs(coldStart);
    const { pricePerHourUsd, minimumBillUsd = 0 } = costs;
    const plan = keepAlivePlan(this.#observation.knowledge.idleTimes[name], {
      coldStartMs,
      pricePerHourUsd,
      restartMs: coldStartMs + coldStart.staysMs + (minimumBillUsd / pricePerHourUsd) * HOUR_MS,
      delayPenaltyPerHourUsd: delayPenaltyPerHourUsd(costs),
    });
    this.#keepAlives.set(name, plan);
    return plan;
  }

  /** What the rest of a run looks like; undefined for graphs that are not configured. */
  forecast(request: OpenRequest, readyInMs: ForecastInputs['readyInMs']): RunForecast | undefined {
    const graph = this.#config.graphs[request.graph];
    if (!graph) return undefined;
    return new RunForecast(graph, request, { expected: this.#expectations(graph), readyInMs }, this.#nowMs);
  }

  #expectations(graph: WarmGraph): Expectations {
    const known = this.#expected.get(graph.name);
    if (known) return known;
    const expected = new Expectations(
      graph,
      this.#observation.knowledge,
      (name) => this.#isExpensive(name),
      (name) => this.coldStart(name),
      this.#nowMs,
    );
    this.#expected.set(graph.name, expected);
    return expected;
  }

  #isExpensive(name: string): boolean {
    const costs = this.#config.components[name];
    if (!costs) return false;
    const startUsd = (costs.pricePerHourUsd * meanMs(this.coldStart(name))) / HOUR_MS;
    return startUsd + (costs.minimumBillUsd ?? 0) > EXPENSIVE_START_USD;
  }
}
