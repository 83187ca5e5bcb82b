import { coldDelayMs, failureDelayMs } from '../../core/run/backoff';
import { earnHedge, type HedgePolicy, spendHedge } from '../../core/run/hedge';
import type { Actor } from '../kernel/timeline';
import type { Request } from '../serving/copy-pool';
import type { Work } from '../serving/copy-profile';
import type { RequestListener } from '../serving/sequence';
import { drawAt } from '../workload/draw';
import type { PlannedNode } from './agent-plan';
import type { AgentRun } from './agent-run';
import type { SharedServices } from './agent-runs';
import { Parts } from './parts';
import { Purpose } from './purpose';

/** A try has purposes of its own; tries further out share the last one. */
const MAX_DRAWN_TRIES = 4096;

const TRY = 0;
const END = 1;
const HEDGE = 2;
const LIMIT = 3;

/** One call of a run: refused, it waits and tries again by the engine's own rules. */
export class AgentCall implements Actor, RequestListener {
  /** Where the time from the start of the run went. */
  readonly parts: Parts;
  readonly startedAtUs: number;
  readonly coldBeforeUs: number;
  readonly retryBeforeUs: number;
  #request: Request | undefined;
  /** The second try, while both are under way. */
  #hedge: Request | undefined;
  #triedAtUs = 0;
  /** When the first try that is under way has taken too long. */
  #limitAtUs = Infinity;
  #hedgeLimitAtUs = Infinity;
  #tries = 0;
  #failures = 0;
  #coldUs = 0;
  #isOver = false;

  constructor(
    private readonly services: SharedServices,
    private readonly run: AgentRun,
    readonly node: PlannedNode,
    private readonly item: number,
    private readonly work: Work,
    before: Parts,
  ) {
    this.parts = new Parts().from(before);
    this.coldBeforeUs = before.coldUs;
    this.retryBeforeUs = before.retryUs;
    this.startedAtUs = services.timeline.nowUs;
  }

  /** Whether it has ended, or was taken back. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** @param atUs when its node starts: now, or after what the orchestrator does first */
  start(atUs: number): void {
    const { timeline, plan } = this.services;
    this.parts.orchestrationUs += plan.callUs;
    timeline.at(atUs + plan.callUs, this, TRY);
  }

  act(what: number): void {
    if (this.#isOver) return;
    if (what === TRY) this.#try();
    else if (what === HEDGE) this.#tryTwice();
    else if (what === LIMIT) this.#giveUpTry();
    else this.#end();
  }

  onDone(atUs: number, queuedUs: number): void {
    this.#hedge?.cancel();
    this.#hedge = undefined;
    this.#answer(atUs, queuedUs);
  }

  cancel(): void {
    this.#isOver = true;
    this.#request?.cancel();
    this.#hedge?.cancel();
  }

  #answer(atUs: number, queuedUs: number): void {
    this.parts.queueUs += queuedUs;
    this.parts.serviceUs += atUs - this.#triedAtUs - queuedUs;
    this.#request = undefined;
    if (atUs > this.services.timeline.nowUs) this.services.timeline.at(atUs, this, END);
    else this.#end();
  }

  #end(): void {
    this.#isOver = true;
    this.run.callEnded(this);
  }

  #try(): void {
    const { servers, timeline } = this.services;
    this.#triedAtUs = timeline.nowUs;
    this.#tries++;
    const taken = servers[this.node.component]!.submit(this.work, this, this.#draw(Purpose.serving));
    if (taken === 'no-capacity') this.#waitForCopy();
    else if (taken === 'throttled') this.#tryLater();
    else this.#request = taken;
    if (this.#request) this.#limitAtUs = this.#planLimit();
    if (this.node.hedge && this.#request) this.#planHedge(this.node.hedge);
  }

  #planLimit(): number {
    const { servers, timeline } = this.services;
    const atUs = timeline.nowUs + servers[this.node.component]!.answerLimitUs;
    if (atUs < Infinity) timeline.at(atUs, this, LIMIT);
    return atUs;
  }

  /** The service ends a try that takes too long, and the engine begins another unless a second one is under way. */
  #giveUpTry(): void {
    const { nowUs } = this.services.timeline;
    if (this.#hedge && nowUs >= this.#hedgeLimitAtUs) {
      this.#hedge.cancel();
      this.#hedge = undefined;
    }
    if (!this.#request || nowUs < this.#limitAtUs) return;
    this.#request.cancel();
    this.#request = this.#hedge;
    this.#limitAtUs = this.#hedgeLimitAtUs;
    this.#hedge = undefined;
    if (this.#request) return;
    this.parts.retryUs += nowUs - this.#triedAtUs;
    this.#tryLater();
  }

  #planHedge(policy: HedgePolicy): void {
    const { hedges, timeline } = this.services;
    const { position } = this.node;
    hedges[position] = earnHedge(hedges[position]!, policy);
    timeline.at(timeline.nowUs + Math.round(policy.afterMs * 1000), this, HEDGE);
  }

  /** Whichever try answers first takes back the other. */
  #tryTwice(): void {
    const { servers, hedges, timeline } = this.services;
    const { hedge, position, component } = this.node;
    const server = servers[component]!;
    const isDue = this.#request && timeline.nowUs >= this.#triedAtUs + Math.round(hedge!.afterMs * 1000);
    if (!isDue || this.#hedge) return;
    const left = spendHedge(hedges[position]!, hedge!, { warmCopies: server.warmCopies, leftMs: this.#leftMs() });
    if (!left) return;
    const onDone = (atUs: number, queuedUs: number) => {
      if (this.#hedge) this.#request!.cancel();
      this.#hedge = undefined;
      this.#answer(atUs, queuedUs);
    };
    const taken = server.submit(this.work, { onDone }, this.#draw(Purpose.hedge));
    if (typeof taken === 'string') return;
    hedges[position] = left;
    this.#hedge = taken;
    this.#hedgeLimitAtUs = this.#planLimit();
  }

  #waitForCopy(): void {
    if (this.#coldUs === 0) {
      this.parts.depth++;
      this.services.observer.onCallRefused?.(this.node.component);
    }
    const wait = { waitedMs: this.#coldUs / 1000, leftMs: this.#leftMs(), triedMs: 0, retryAfterMs: 0 };
    const delayUs = this.#again(coldDelayMs(wait, this.#draw(Purpose.delay + this.#tries)));
    this.#coldUs += delayUs;
    this.parts.coldUs += delayUs;
  }

  #tryLater(): void {
    const failure = { failures: ++this.#failures, leftMs: this.#leftMs(), retryAfterMs: 0 };
    const random = this.#draw(Purpose.delay + this.#tries);
    this.parts.retryUs += this.#again(failureDelayMs(this.services.plan.retry, failure, random));
  }

  /** Tries again after a delay in whole microseconds, or fails the run if there is none. */
  #again(delayMs: number | undefined): number {
    if (delayMs === undefined) {
      this.run.fail();
      return 0;
    }
    const delayUs = Math.max(1, Math.round(delayMs * 1000));
    this.services.timeline.at(this.services.timeline.nowUs + delayUs, this, TRY);
    return delayUs;
  }

  #leftMs(): number {
    return (this.run.deadlineUs - this.services.timeline.nowUs) / 1000;
  }

  #draw(purpose: number): number {
    const { seed } = this.services;
    return drawAt(seed, this.run.request, this.node.position, this.item, Math.min(purpose, MAX_DRAWN_TRIES));
  }
}
