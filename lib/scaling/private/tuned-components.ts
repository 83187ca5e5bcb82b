import { Lazy } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { TunedComponent } from '../../../core/scale/tuner-deployment';
import type { IAgent } from '../../agent/agent-ref';
import { regionElsewhere } from '../../bindings/private/region';
import { Spillover } from '../../bindings/spillover';
import { AdapterComponent } from '../../fleet/adapter-component';
import { InferenceComponent } from '../../fleet/inference-component';
import { copyPricePerHourUsd } from '../../fleet/private/copy-price';
import { known, type Report, show } from '../../private/checks';
import type { TunedComponentOptions } from '../policy-tuner-props';
import type { ScalableCopies } from '../scalable-copies';

/** A component with what its scaling is. */
export interface ScaledComponent {
  readonly component: InferenceComponent;
  readonly scaling: ScalableCopies;
}

/** Models that scale, by the names by which the tuner knows them. */
export class TunedComponents {
  readonly #names = new Map<InferenceComponent, string>();

  /** A component goes by the name that all graphs have for it; without such a name, by its path. */
  constructor(agents: readonly IAgent[]) {
    const uses = agents.flatMap(({ components }) =>
      Object.entries(components).flatMap(([name, bound]) => {
        const component = modelOf(bound);
        return component?.copyScaling ? [{ name, component }] : [];
      }),
    );
    for (const { name, component } of uses) {
      const isClear = uses.every((use) => (use.name === name) === (use.component === component));
      this.#names.set(component, isClear ? name : component.node.path);
    }
  }

  /** By name. */
  get all(): [string, ScaledComponent][] {
    return [...this.#names].map(([component, name]) => [name, { component, scaling: component.copyScaling! }]);
  }

  has(component: InferenceComponent): boolean {
    return this.#names.has(component);
  }

  /** Name of what an agent calls; undefined if it is not tuned. */
  nameOf(agent: IAgent, component: string): string | undefined {
    const model = modelOf(agent.components[component]);
    return model && this.#names.get(model);
  }
}

/** The model whose copies serve a component. */
export function modelOf(component: unknown): InferenceComponent | undefined {
  if (component instanceof AdapterComponent) return modelOf(component.base);
  return component instanceof InferenceComponent ? component : undefined;
}

/**
 * What an agent calls through a `Spillover` only. Which of the backends has answered a call its metrics do not tell, so that
 * they are not those of one model.
 *
 * @returns of each model that scales and is not tuned, in words, who calls it
 */
export function untunedBySpillover({ graph, components }: IAgent, tuned: TunedComponents): readonly string[] {
  return Object.entries(components).flatMap(([name, component]) =>
    component instanceof Spillover
      ? component.alternatives.flatMap((alternative) => {
          const model = modelOf(alternative);
          if (!model?.copyScaling || tuned.has(model)) return [];
          return [`${name} of ${graph.name} may be served by ${model.node.path}`];
        })
      : [],
  );
}

/** @returns undefined if something is wrong, which is reported */
export function tunedComponent(
  scope: Construct,
  name: string,
  { component, scaling }: ScaledComponent,
  options: Omit<TunedComponentOptions, 'component'>,
  report: Report,
): TunedComponent | undefined {
  const field = `components.${name}`;
  const { targetConcurrency } = scaling;
  const { minTarget = Math.max(1, targetConcurrency / 2), maxTarget = Math.max(1, 2 * targetConcurrency) } = options;
  if (known(targetConcurrency) === undefined) {
    report(
      'tuner/late-target',
      field,
      'has a targetConcurrency that is known only at deployment, and so are its bounds: write the number',
    );
    return undefined;
  }
  if (!(minTarget >= 1 && minTarget <= targetConcurrency && targetConcurrency <= maxTarget && maxTarget < Infinity)) {
    const message = `must have minTarget from 1 to targetConcurrency (${targetConcurrency}), and maxTarget from there, got: ${show(minTarget)} and ${show(maxTarget)}`;
    report('tuner/target-bounds', field, message);
  }
  const priceUsd = options.pricePerCopyHour ?? copyPricePerHourUsd(component.fleet.instanceTypes, component.resources);
  if (priceUsd !== undefined && !(known(priceUsd) !== undefined && priceUsd > 0 && priceUsd < Infinity)) {
    const message = `must be a number above 0 that is known at synthesis, got: ${show(priceUsd)}`;
    report('tuner/bad-price', `${field}.pricePerCopyHour`, message);
  }
  if (priceUsd === undefined) {
    const types = component.fleet.instanceTypes.map((type) => type.name).join(', ') || 'instances of unknown types';
    const message = `is on ${types}, whose price or size is not known: say in components what a copy costs, as in { component, pricePerCopyHour: 1.5 }`;
    report('tuner/unknown-price', field, message);
  }
  const { region } = regionElsewhere(scope, component.env.region);
  if (region !== undefined) {
    report(
      'tuner/other-region',
      field,
      `is in ${region}, and a tuner works in its own Region: make one in the stack of the fleet`,
    );
  }
  const acknowledgedAtMs = options.acknowledgedAt === undefined ? undefined : Date.parse(options.acknowledgedAt);
  if (acknowledgedAtMs !== undefined && !(acknowledgedAtMs >= 0)) {
    report(
      'tuner/bad-time',
      `${field}.acknowledgedAt`,
      `must be a time as in 2026-11-23T12:00:00Z, got: ${show(options.acknowledgedAt)}`,
    );
  }
  return {
    inferenceComponentName: component.inferenceComponentName,
    policyName: scaling.policyName,
    // Schedules may be added later.
    minCopies: Lazy.number({ produce: () => component.minCopies }),
    maxCopies: Lazy.number({ produce: () => component.maxCopies }),
    minTarget,
    maxTarget,
    pricePerCopyHourUsd: priceUsd ?? 0,
    deployed: {
      target: targetConcurrency,
      scaleOutCooldownSeconds: scaling.scaleOutCooldown.toSeconds(),
      scaleInCooldownSeconds: scaling.scaleInCooldown.toSeconds(),
    },
    ...(options.objective && { objectiveMs: options.objective.toMilliseconds() }),
    ...(acknowledgedAtMs !== undefined && { acknowledgedAtMs }),
  };
}
