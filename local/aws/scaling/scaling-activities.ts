import { randomUUID } from 'node:crypto';
import { resourceIdOf, SCALABLE_DIMENSION, SERVICE_NAMESPACE } from './names';

interface Activity {
  readonly id: string;
  readonly cause: string;
  readonly copies: number;
  readonly startedAtMs: number;
  endedAtMs: number | undefined;
  isOverridden: boolean;
}

/** As many as are kept of one component. */
const KEPT = 500;

/** What Application Auto Scaling did to the copies of one component, the latest first. */
export class ScalingActivities {
  #activities: Activity[] = [];

  constructor(private readonly componentName: string) {}

  begin(copies: number, cause: string, atMs: number): void {
    const [latest] = this.#activities;
    if (latest && latest.endedAtMs === undefined) {
      latest.endedAtMs = atMs;
      latest.isOverridden = true;
    }
    const begun = { id: randomUUID(), cause, copies, startedAtMs: atMs, endedAtMs: undefined, isOverridden: false };
    this.#activities = [begun, ...this.#activities].slice(0, KEPT);
  }

  /** Ends the latest activity if the component has as many copies in service as it asked for. */
  look(copiesInService: number, atMs: number): void {
    const [latest] = this.#activities;
    if (latest && latest.endedAtMs === undefined && latest.copies === copiesInService) latest.endedAtMs = atMs;
  }

  describe(): (object & { readonly StartTime: number })[] {
    return this.#activities.map(({ id, cause, copies, startedAtMs, endedAtMs, isOverridden }) => ({
      ActivityId: id,
      ServiceNamespace: SERVICE_NAMESPACE,
      ResourceId: resourceIdOf(this.componentName),
      ScalableDimension: SCALABLE_DIMENSION,
      Description: `Setting desired copy count to ${copies}.`,
      Cause: cause,
      StartTime: startedAtMs / 1000,
      ...(endedAtMs !== undefined && { EndTime: endedAtMs / 1000 }),
      ...statusOf(copies, endedAtMs !== undefined, isOverridden),
    }));
  }
}

function statusOf(copies: number, isOver: boolean, isOverridden: boolean): object {
  const set = `Successfully set desired copy count to ${copies}.`;
  if (isOverridden) {
    return {
      StatusCode: 'Overridden',
      StatusMessage: `${set} Overridden by a later change of the desired copy count.`,
    };
  }
  return isOver
    ? { StatusCode: 'Successful', StatusMessage: `${set} Change successfully fulfilled by sagemaker.` }
    : { StatusCode: 'InProgress', StatusMessage: `${set} Waiting for change to be fulfilled by sagemaker.` };
}
