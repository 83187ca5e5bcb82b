import type { InstanceModel } from './fleet-model';
import type { ComputeNeeds } from './host';

/** One instance of a fleet, from the moment it was obtained. */
export class Instance {
  readonly copies = new Set<PlacedCopy>();
  /** Components whose image and weights are on its disk. */
  readonly cached = new Set<string>();
  endedAtUs = Infinity;
  /** No new copy comes to an instance that is to go. */
  isLeaving = false;
  /** Since when it has been empty. */
  idleSinceUs: number;
  #accelerators: number;
  #vcpus: number;
  #memoryMiB: number;

  constructor(
    readonly model: InstanceModel,
    readonly obtainedAtUs: number,
    readonly upAtUs: number,
  ) {
    this.#accelerators = model.accelerators;
    this.#vcpus = model.vcpus;
    this.#memoryMiB = model.memoryMiB;
    this.idleSinceUs = upAtUs;
  }

  hasRoomFor(needs: ComputeNeeds): boolean {
    return needs.accelerators <= this.#accelerators && needs.vcpus <= this.#vcpus && needs.memoryMiB <= this.#memoryMiB;
  }

  /** Accelerators, or else processors, that are left: the less, the fuller. */
  get room(): number {
    return this.#accelerators * 1e6 + this.#vcpus;
  }

  add(copy: PlacedCopy): void {
    this.copies.add(copy);
    this.#take(copy.needs, 1);
  }

  remove(copy: PlacedCopy, nowUs: number): void {
    this.copies.delete(copy);
    this.#take(copy.needs, -1);
    if (this.copies.size === 0) this.idleSinceUs = nowUs;
  }

  #take({ accelerators, vcpus, memoryMiB }: ComputeNeeds, sign: 1 | -1): void {
    this.#accelerators -= sign * accelerators;
    this.#vcpus -= sign * vcpus;
    this.#memoryMiB -= sign * memoryMiB;
  }
}

/** A copy as its instance knows it. */
export interface PlacedCopy {
  readonly component: string;
  readonly needs: ComputeNeeds;
  /** Asks its component to start another elsewhere, and then to end this one. */
  move: (() => void) | undefined;
}
