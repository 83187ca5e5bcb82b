/** Where copies run: a fleet of instances, or a service that keeps them out of sight. */
export interface Host {
  /**
   * Asks for a place. `onPlaced` is called with it at once or later, or never while there is none.
   *
   * @returns what takes the request back while it waits
   */
  place(component: string, needs: ComputeNeeds, onPlaced: (place: Place) => void): () => void;
  /** What it cost between two moments. */
  costUsd(fromUs: number, toUs: number): number;
}

/** What one copy takes of an instance. */
export interface ComputeNeeds {
  readonly accelerators: number;
  readonly vcpus: number;
  readonly memoryMiB: number;
}

/** Room for one copy. */
export interface Place {
  /** When it is up: now, or once its instance is provisioned. */
  readonly upAtUs: number;
  readonly hasImage: boolean;
  readonly hasWeights: boolean;
  /** Tells that the copy serves: image and weights are there. */
  inService(): void;
  /** Tells that the copy serves its first request: some bill from then on. */
  firstServed(): void;
  /** Gives the room back. */
  leave(): void;
  /** Calls back when the host wants the copy elsewhere. */
  onEvict(move: () => void): void;
}
