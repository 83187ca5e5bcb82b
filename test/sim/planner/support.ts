import { type ConstructProps, constructProps } from '../../../sim/planner/construct-props';
import { INSTANCE_OFFERS } from '../../../sim/planner/instance-offers';
import type { PlannedSystem } from '../../../sim/planner/planned-system';
import type { PlanWorkload } from '../../../sim/planner/spans';
import { inferenceComponent8b } from '../../../sim/world/presets';

export const AN_8B = {
  accelerator: 'RTX PRO 6000',
  needs: { accelerators: 1, vcpus: 4, memoryMiB: 32_768 },
  copy: inferenceComponent8b.copy,
};

const { coldStart } = inferenceComponent8b;

/** A writer that each request calls, and an expert that one in so many does. */
export function twoModels({ p95Ms = 10_000, expertProbability = 1 } = {}): PlannedSystem {
  return {
    agent: {
      timeoutMs: 900_000,
      nodes: [
        { id: 'ask', needs: [], component: 'expert', probability: expertProbability },
        { id: 'find', needs: [], component: 'search' },
        { id: 'answer', needs: ['ask', 'find'], component: 'writer' },
      ],
    },
    hosted: [
      { name: 'writer', variants: [AN_8B], coldStart },
      { name: 'expert', variants: [AN_8B], coldStart },
    ],
    services: { search: { kind: 'tool', durationMs: 50 } },
    objective: { p95Ms },
  };
}

/** A few hours, some hundred requests. */
export const QUIET: PlanWorkload = {
  kind: 'synthetic',
  model: { days: 1 / 12, meanRatePerSecond: 0.1, promptTokens: 500, outputTokens: 100 },
};

/** Two to choose from. */
export const OFFERS = INSTANCE_OFFERS.filter(({ type }) => ['ml.g7e.2xlarge', 'ml.g7e.12xlarge'].includes(type));

const G7E = INSTANCE_OFFERS.find(({ type }) => type === 'ml.g7e.12xlarge')!;

/** Of a deployment of components by these names: the first may be at zero copies, the second keeps one, and so on. */
export function propsOf(names: readonly string[]): ConstructProps {
  const hosted = names.map((name) => ({ name, variants: [AN_8B], coldStart: inferenceComponent8b.coldStart }));
  const copies = Object.fromEntries(names.map((name, at) => [name, { min: at, max: 3, targetConcurrency: 8 }]));
  return constructProps({ hosted }, { deployment: { offer: G7E, maxInstances: 4, copies } });
}
