import type { ScalingModel } from '../control/scaling-model';
import { fits } from '../hosting/fleet';
import { HIGH_RESOLUTION } from '../world/presets';
import type { WorldModel } from '../world/world-model';
import type { InstanceOffer } from './instance-offers';
import { PlanError } from './plan-error';
import type { CopyVariant, HostedComponent, PlannedSystem } from './planned-system';

/** How the copies of one component follow its load: the arguments of `autoScaleCopies`. */
export interface CopySettings {
  readonly min: number;
  readonly max: number;
  readonly targetConcurrency: number;
}

/** Where copies run, and how many. */
export interface Deployment {
  readonly offer: InstanceOffer;
  readonly maxInstances: number;
  readonly copies: Readonly<Record<string, CopySettings>>;
}

/** What a component is on an instance type; undefined if it does not fit. */
export function variantOn({ variants }: HostedComponent, offer: InstanceOffer): CopyVariant | undefined {
  return variants.find(({ accelerator, needs }) => accelerator === offer.accelerator && fits(needs, offer));
}

/** The instance types that every component fits. @throws PlanError if there are none */
export function offersFor({ hosted }: PlannedSystem, offers: readonly InstanceOffer[]): InstanceOffer[] {
  for (const component of hosted) {
    if (!offers.some((offer) => variantOn(component, offer))) throw new PlanError(fitsNone(component, offers));
  }
  const common = offers.filter((offer) => hosted.every((component) => variantOn(component, offer)));
  if (common.length > 0) return common;

  const own = hosted.map((component) => {
    const types = offers.filter((offer) => variantOn(component, offer)).map(({ type }) => type);
    return `  ${component.name} fits ${types.join(', ')}`;
  });
  throw new PlanError(
    `no instance type fits all models, and one fleet has one:\n${own.join('\n')}\n` +
      'measure a profile for the accelerator of the others and add it to runsOn, or plan them apart, with durationMs in place of runsOn',
  );
}

function fitsNone({ name, variants }: HostedComponent, offers: readonly InstanceOffer[]): string {
  const wants = variants.map(({ accelerator, needs: { accelerators, vcpus, memoryMiB } }) => {
    const with_ = offers.filter((offer) => offer.accelerator === accelerator);
    const largest = with_.at(-1);
    const most = largest
      ? `the largest, ${largest.type}, has ${largest.accelerators}, ${largest.vcpus} vCPUs and ${largest.memoryMiB} MiB`
      : 'no instance type to choose from has it';
    return `  ${accelerators} ${accelerator}, ${vcpus} vCPUs and ${memoryMiB} MiB: ${most}`;
  });
  return (
    `component ${name} fits no instance type; a copy asks for\n${wants.join('\n')}\n` +
    `lower plan.components.${name}.runsOn, add an entry for another accelerator, or allow more plan.instanceTypes`
  );
}

/** The average counts, as for the targets that the tuner moves. From zero: the alarm on refused calls. */
const SCALING: Pick<ScalingModel, 'rule' | 'fromZeroAfterSeconds'> = {
  rule: { ...HIGH_RESOLUTION, statistic: 'average' },
  fromZeroAfterSeconds: 60,
};

/** The default of SageMaker: one instance at a time, 20 minutes apart (API reference, ManagedInstanceScaling). */
const SCALE_IN = { strategy: 'IDLE_RELEASE', cooldownMinutes: 20, maxStep: 1 } as const;

/** @throws PlanError if a component does not fit */
export function worldOf({ hosted, services }: PlannedSystem, { offer, maxInstances, copies }: Deployment): WorldModel {
  const components = hosted.map((component) => {
    const variant = variantOn(component, offer);
    if (!variant) throw new PlanError(fitsNone(component, [offer]));
    const { min, max, targetConcurrency } = copies[component.name]!;
    return [
      component.name,
      {
        kind: 'inference-component' as const,
        fleet: 'fleet',
        needs: variant.needs,
        copy: variant.copy,
        coldStart: component.coldStart,
        scaling: { ...SCALING, minCopies: min, maxCopies: max, targetConcurrency },
      },
    ] as const;
  });
  return {
    fleets: { fleet: { instances: [offer], minInstances: 0, maxInstances, scaleIn: SCALE_IN } },
    components: { ...Object.fromEntries(components), ...services },
  };
}
