import { lognormal, type RandomStream } from '../kernel/random';
import { HOUR_US, microseconds } from '../kernel/time-units';
import type { Actor, Timeline } from '../kernel/timeline';
import { CapacityShortage } from './capacity-shortage';
import type { FleetModel, InstanceModel } from './fleet-model';
import type { ComputeNeeds, Host, Place } from './host';
import { Instance, type PlacedCopy } from './instance';

interface Waiting {
  readonly component: string;
  readonly needs: ComputeNeeds;
  readonly onPlaced: (place: Place) => void;
}

const DEFAULT_PROVISION_TIMEOUT_SECONDS = 300;

/** What the fleet asks of the timeline. */
const SCALE_IN = 0;
const RETRY_LAUNCH = 1;

/**
 * The instances behind one endpoint: copies are packed onto them, one is provisioned when there is no room, and an empty
 * one goes after the cooldown. What is billed are instances, from the moment they are obtained to their end.
 */
export class Fleet implements Host, Actor {
  readonly #instances: Instance[] = [];
  readonly #ended: Instance[] = [];
  #waiting: Waiting[] = [];
  /** Launches that met no capacity and are to be tried again, by the type that is next. */
  #retries: { readonly atUs: number; readonly pool: number }[] = [];
  #lastStepAtUs = -Infinity;
  #scaleInAtUs = Infinity;
  /** Of each type. */
  readonly #shortages: readonly CapacityShortage[];
  readonly #cooldownUs: number;
  /** Requests for an instance that were not met. */
  #refusals = 0;

  constructor(
    private readonly model: FleetModel,
    private readonly timeline: Timeline,
    private readonly random: RandomStream,
  ) {
    this.#shortages = model.instances.map((instance) => new CapacityShortage(instance));
    this.#cooldownUs = microseconds(60 * model.scaleIn.cooldownMinutes);
    for (let count = 0; count < model.minInstances; count++) this.#obtain(model.instances[0]!, timeline.nowUs);
  }

  get instanceCount(): number {
    return this.#instances.length;
  }

  /** Instances that are up; the others are being provisioned. */
  get upCount(): number {
    return this.#instances.filter(({ upAtUs }) => upAtUs <= this.timeline.nowUs).length;
  }

  get refusals(): number {
    return this.#refusals;
  }

  place(component: string, needs: ComputeNeeds, onPlaced: (place: Place) => void): () => void {
    const request: Waiting = { component, needs, onPlaced };
    this.#waiting.push(request);
    this.#serveWaiting();
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== request);
    };
  }

  /**
   * Puts a component onto an instance as if both had been there before the world's time began.
   *
   * @throws RangeError if that takes more instances than the fleet may have
   */
  placeStarted(component: string, needs: ComputeNeeds): Place {
    const found = this.#fullest(needs) ?? this.#obtainFor(component, needs);
    found.cached.add(component);
    return this.#put({ component, needs, onPlaced: () => {} }, found);
  }

  act(what: number): void {
    if (what === SCALE_IN) this.#scaleIn();
    else this.#retry();
  }

  costUsd(fromUs: number, toUs: number): number {
    return this.#sum(fromUs, toUs, (instance) => instance.model.pricePerHourUsd);
  }

  instanceHours(fromUs: number, toUs: number): number {
    return this.#sum(fromUs, toUs, () => 1);
  }

  #sum(fromUs: number, toUs: number, weight: (instance: Instance) => number): number {
    return [...this.#ended, ...this.#instances].reduce((sum, instance) => {
      const us = Math.min(toUs, instance.endedAtUs) - Math.max(fromUs, instance.obtainedAtUs);
      return sum + (weight(instance) * Math.max(0, us)) / HOUR_US;
    }, 0);
  }

  /** In the order of their requests, but none holds up one that fits. */
  #serveWaiting(): void {
    for (const request of [...this.#waiting]) {
      const instance = this.#fullest(request.needs);
      if (!instance) continue;
      this.#waiting = this.#waiting.filter((other) => other !== request);
      request.onPlaced(this.#put(request, instance));
    }
    this.#launchForWaiting();
  }

  /** One launch for each copy that waits, as far as the maximum goes, less what is about to be tried again. */
  #launchForWaiting(): void {
    const { maxInstances } = this.model;
    for (const request of [...this.#waiting]) {
      if (!this.#waiting.includes(request) || this.#retries.length >= this.#waiting.length) return;
      if (this.#instances.length + this.#retries.length >= maxInstances) return;
      this.#launch(this.#nextFitting(request.needs, 0));
    }
  }

  #launch(pool: number): void {
    const model = this.model.instances[pool]!;
    const isRefused = this.#shortages[pool]!.isShort(this.timeline.nowUs, this.random.uniform());
    const provisionSeconds = lognormal(this.random, model.provisionSeconds, model.provisionVariation);
    if (isRefused) {
      this.#refusals++;
      const timeoutSeconds = this.model.provisionTimeoutSeconds ?? DEFAULT_PROVISION_TIMEOUT_SECONDS;
      const atUs = this.timeline.nowUs + microseconds(timeoutSeconds);
      this.#retries.push({ atUs, pool: (pool + 1) % this.model.instances.length });
      this.timeline.at(atUs, this, RETRY_LAUNCH);
      return;
    }
    this.#obtain(model, this.timeline.nowUs + microseconds(provisionSeconds));
    this.#serveWaiting();
  }

  #retry(): void {
    const due = this.#retries.filter(({ atUs }) => atUs <= this.timeline.nowUs);
    this.#retries = this.#retries.filter((retry) => !due.includes(retry));
    for (const { pool } of due) {
      const first = this.#waiting[0];
      if (!first || this.#instances.length >= this.model.maxInstances) return;
      this.#launch(this.#nextFitting(first.needs, pool));
    }
  }

  #obtain(model: InstanceModel, upAtUs: number): Instance {
    const instance = new Instance(model, this.timeline.nowUs, upAtUs);
    this.#instances.push(instance);
    this.#planScaleIn();
    return instance;
  }

  /** The fullest with room: full instances leave others empty, and those can go. */
  #fullest(needs: ComputeNeeds): Instance | undefined {
    let best: Instance | undefined;
    for (const instance of this.#instances) {
      if (instance.isLeaving || !instance.hasRoomFor(needs)) continue;
      if (!best || instance.room < best.room) best = instance;
    }
    return best;
  }

  #obtainFor(component: string, needs: ComputeNeeds): Instance {
    const { maxInstances } = this.model;
    if (this.#instances.length >= maxInstances) {
      throw new RangeError(
        `the first copies of ${component} fit onto no instance, and the fleet is at its maxInstances, ${maxInstances}; raise it, or begin with fewer copies`,
      );
    }
    return this.#obtain(this.model.instances[this.#nextFitting(needs, 0)]!, this.timeline.nowUs);
  }

  /** Position of the first type that a copy fits, from the given one on and around. */
  #nextFitting(needs: ComputeNeeds, from: number): number {
    const { instances } = this.model;
    for (let step = 0; step < instances.length; step++) {
      const at = (from + step) % instances.length;
      if (fits(needs, instances[at]!)) return at;
    }
    throw new RangeError(`a copy that needs ${JSON.stringify(needs)} fits no instance of the fleet`);
  }

  #put({ component, needs }: Waiting, instance: Instance): Place {
    const copy: PlacedCopy = { component, needs, move: undefined };
    instance.add(copy);
    return {
      upAtUs: instance.upAtUs,
      hasImage: instance.model.imageCached || instance.cached.has(component),
      hasWeights: instance.cached.has(component),
      inService: () => instance.cached.add(component),
      firstServed: () => {},
      leave: () => this.#leave(copy, instance),
      onEvict: (move) => {
        copy.move = move;
      },
    };
  }

  #leave(copy: PlacedCopy, instance: Instance): void {
    if (!instance.copies.has(copy)) return;
    instance.remove(copy, this.timeline.nowUs);
    this.#serveWaiting();
    this.#planScaleIn();
  }

  /** Only an instance that is too many asks for a look. */
  #planScaleIn(): void {
    if (this.#instances.length <= this.model.minInstances) return;
    const { strategy } = this.model.scaleIn;
    const cooldownUs = this.#cooldownUs;
    const idle = this.#instances.filter(({ copies }) => copies.size === 0);
    const firstIdleUs = Math.min(...idle.map(({ idleSinceUs }) => idleSinceUs)) + cooldownUs;
    const consolidateUs = strategy === 'CONSOLIDATION' ? this.timeline.nowUs + cooldownUs : Infinity;
    const atUs = Math.max(Math.min(firstIdleUs, consolidateUs), this.#lastStepAtUs + cooldownUs);
    if (atUs === Infinity || atUs >= this.#scaleInAtUs) return;
    this.#scaleInAtUs = atUs;
    this.timeline.at(atUs, this, SCALE_IN);
  }

  #scaleIn(): void {
    const { nowUs } = this.timeline;
    if (nowUs < this.#scaleInAtUs) return;
    this.#scaleInAtUs = Infinity;
    const { strategy, maxStep } = this.model.scaleIn;
    const surplus = Math.min(maxStep, this.#instances.length - this.model.minInstances);
    const isOver = ({ copies, idleSinceUs }: Instance) => copies.size === 0 && nowUs >= idleSinceUs + this.#cooldownUs;
    const over = this.#instances.filter(isOver).slice(0, surplus);
    for (const instance of over) this.#end(instance);
    if (over.length > 0) {
      this.#lastStepAtUs = nowUs;
      // Below the maximum again, there may be an instance for a copy that fits none of the others.
      this.#launchForWaiting();
    } else if (strategy === 'CONSOLIDATION') {
      this.#consolidate();
    }
    this.#planScaleIn();
  }

  #end(instance: Instance): void {
    instance.endedAtUs = this.timeline.nowUs;
    this.#instances.splice(this.#instances.indexOf(instance), 1);
    this.#ended.push(instance);
  }

  /** Empties the emptiest instance whose copies all fit onto the others; it goes when they have. */
  #consolidate(): void {
    const staying = this.#instances.filter(({ isLeaving }) => !isLeaving);
    if (staying.length <= this.model.minInstances) return;
    // A copy that is still to start cannot be asked to move.
    const canMove = ({ copies }: Instance) => copies.size > 0 && [...copies].every(({ move }) => move !== undefined);
    const inOrder = staying.filter(canMove);
    inOrder.sort((a, b) => b.room - a.room);
    for (const instance of inOrder) {
      instance.isLeaving = true;
      if (this.#fitsElsewhere([...instance.copies])) {
        for (const { move } of [...instance.copies]) move?.();
        return;
      }
      instance.isLeaving = false;
    }
  }

  #fitsElsewhere(copies: readonly PlacedCopy[]): boolean {
    const placed: { readonly copy: PlacedCopy; readonly instance: Instance }[] = [];
    for (const { component, needs } of copies) {
      const instance = this.#fullest(needs);
      // Onto an empty one nothing is gained: that one goes instead.
      if (!instance || instance.copies.size === 0) break;
      const copy: PlacedCopy = { component, needs, move: undefined };
      instance.add(copy);
      placed.push({ copy, instance });
    }
    for (const { copy, instance } of placed) instance.remove(copy, instance.idleSinceUs);
    return placed.length === copies.length;
  }
}

/** Whether an empty instance has room for a copy. */
export function fits(needs: ComputeNeeds, model: InstanceModel): boolean {
  return needs.accelerators <= model.accelerators && needs.vcpus <= model.vcpus && needs.memoryMiB <= model.memoryMiB;
}
