import {
  learnColdStart,
  learnIdleTime,
  learnRun,
  NO_KNOWLEDGE,
  type WarmGraph,
  type WarmKnowledge,
} from '../../../core/warm';
import type { AgentRun } from '../../agent/agent-run';
import type { PolicyContext } from '../policy';
import { outcomesOf } from './run-outcomes';
import type { NoticedStart } from './watched-model';

/** What a warmer learns as it goes. */
export class WarmLearner {
  #knowledge: WarmKnowledge = NO_KNOWLEDGE;
  readonly #runs = new Samples();

  constructor(
    private readonly graph: WarmGraph,
    private readonly context: PolicyContext,
  ) {}

  get knowledge(): WarmKnowledge {
    return this.#knowledge;
  }

  run(run: AgentRun, nowUs: number): void {
    if (!this.#runs.takes(nowUs)) return;
    const outcomes = outcomesOf(run, this.graph, this.context);
    this.#knowledge = learnRun(this.#knowledge, this.graph, outcomes, nowUs / 1000);
  }

  pause(model: string, pauseMs: number, nowUs: number): void {
    this.#knowledge = learnIdleTime(this.#knowledge, model, pauseMs, nowUs / 1000);
  }

  start(model: string, { path, sinceUs }: NoticedStart, nowUs: number): void {
    this.#knowledge = learnColdStart(this.#knowledge, model, path, (nowUs - sinceUs) / 1000, nowUs / 1000);
  }
}

const FIRST_SAMPLES = 200;
const SAMPLE_US = 60e6;

/** The first of many, and then as many as there are minutes: estimates forget by the day, so more say nothing new. */
class Samples {
  #taken = 0;

  takes(nowUs: number): boolean {
    if (this.#taken >= FIRST_SAMPLES + nowUs / SAMPLE_US) return false;
    this.#taken++;
    return true;
  }
}
