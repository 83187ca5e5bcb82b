import { Construct } from 'constructs';
import { alternativesOf } from '../../core/graph/alternatives';
import type { BackendBinding, SpilloverBinding, SpilloverRules } from '../../core/graph/binding';
import type { BreakerOptions } from '../../core/graph/call-policies';
import type { CapacityMetrics, ComponentBindOptions, IComponent } from '../component';
import { assertConfiguration, collectFaults, type Report, show } from '../private/checks';
import { checkShape } from '../private/shape';
import { isBinding } from './private/binding-check';
import { SPILLOVER } from './private/shapes';

/** When calls go on to the next backend. */
export interface SpilloverOptions {
  /**
   * What sends a call on.
   *
   * @default - no copy runs yet, the backend throttles, or its breaker is open
   */
  readonly when?: SpilloverRules;
  /**
   * A breaker for each backend.
   *
   * @default - that of the component, if the graph declares one
   */
  readonly breaker?: BreakerOptions;
}

/**
 * Several backends that answer alike: calls go to the first, and to the next if it cannot take them now. Dedicated capacity
 * for the usual load and serverless capacity for the rest, for one.
 */
export class Spillover implements IComponent {
  /** Backends in the order in which they are asked; two at least. */
  public static of(alternatives: readonly IComponent[], options: SpilloverOptions = {}): Spillover {
    return new Spillover(alternatives, options);
  }

  private constructor(
    /** In the order in which they are asked. */
    public readonly alternatives: readonly IComponent[],
    private readonly options: SpilloverOptions,
  ) {}

  /** @throws ConfigurationError with the faults of all backends that cannot serve the component */
  public bind({ scope, ...options }: ComponentBindOptions): SpilloverBinding {
    const backends: BackendBinding[] = [];
    assertConfiguration(scope, (report) => {
      const given = { alternatives: this.alternatives, ...this.options };
      if (!checkShape('spillover', '', given, SPILLOVER, report)) return;
      if (this.alternatives.length < 2) {
        const got = `got: ${this.alternatives.length}`;
        report(
          'spillover/too-few',
          'alternatives',
          `must be two or more; bind the component to a single one itself, ${got}`,
        );
      }
      this.alternatives.forEach((alternative, i) => {
        const field = `alternatives[${i}]`;
        collectFaults(field, report, () => {
          const binding = alternative.bind({ scope: new Construct(scope, `Alternative${i}`), ...options });
          if (!isBinding(scope, field, binding, report)) return;
          const known = alternativesOf(binding);
          if (binding.type === 'spillover') {
            report('spillover/nested', field, 'must be one backend: list those of the inner spillover here');
          }
          checkNew(known, backends, field, report);
          backends.push(...known);
        });
      });
    });
    const { when, breaker } = this.options;
    return { type: 'spillover', alternatives: backends, ...(when && { when }), ...(breaker && { breaker }) };
  }

  /** Those of the first backend that has any: the others take what is too much for it. */
  public get capacityMetrics(): CapacityMetrics | undefined {
    return this.alternatives.find(({ capacityMetrics }) => capacityMetrics)?.capacityMetrics;
  }
}

/** A backend that cannot take a call cannot take it a moment later either. */
function checkNew(
  added: readonly BackendBinding[],
  before: readonly BackendBinding[],
  field: string,
  report: Report,
): void {
  const known = before.map((binding) => JSON.stringify(binding));
  for (const binding of added) {
    const at = known.indexOf(JSON.stringify(binding));
    if (at >= 0) report('spillover/twice', field, `must not be alternatives[${at}] again: ${show(backendOf(binding))}`);
  }
}

/** Which backend it is, without what it is sent: headers may be keys. */
function backendOf(binding: BackendBinding): object {
  switch (binding.type) {
    case 'sagemaker': {
      const { type, endpointName, inferenceComponentName } = binding;
      return { type, endpointName, ...(inferenceComponentName !== undefined && { inferenceComponentName }) };
    }
    case 'bedrock':
      return { type: binding.type, modelId: binding.modelId };
    case 'lambda':
      return { type: binding.type, functionName: binding.functionName };
    case 'http': {
      const { type, url, model } = binding;
      return { type, url, ...(model !== undefined && { model }) };
    }
  }
}
