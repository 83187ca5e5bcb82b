import { model } from '../../core/graph/component';
import type { NodeDefinition } from '../../core/graph/definition';
import { Graph } from '../../core/graph/graph';
import type { Schema } from '../../core/graph/schema';
import type { LocalSystem } from '../../local';
import type { LocalChatModel, ModelBehaviour } from '../../local/world';
import { textOfTokens } from '../../local/world/chat-text';
import type { FleetModel } from '../../sim/hosting/fleet-model';
import { importedModel8b, importedModel32b, inferenceComponent8b, singleGpuFleet } from '../../sim/world/presets';
import { modelBackend } from '../validation/backends';

/** A graph whose models are all at zero copies when a run begins. */
export interface CascadeDemo {
  readonly title: string;
  readonly system: LocalSystem;
}

/** Instances take the same time whoever asks for them first, so that each model's cold start is its own. */
export const FLEETS: Readonly<Record<string, FleetModel>> = {
  gpu: {
    ...singleGpuFleet,
    instances: singleGpuFleet.instances.map((instance) => ({ ...instance, provisionVariation: 0 })),
  },
};

const { coldStart: COLD_START_8B } = inferenceComponent8b;

/** A step of an agent: a model, and the steps that it needs. */
interface Step {
  readonly needs: readonly string[];
  readonly model: ModelBehaviour;
}

/** An inference component whose weights take so long to download; each fills an instance. */
function component(weightsSeconds: number, variation = COLD_START_8B.variation): ModelBehaviour {
  const stageSeconds = { ...COLD_START_8B.stageSeconds, 'weights-download': weightsSeconds };
  return { ...inferenceComponent8b, coldStart: { stageSeconds, variation } };
}

const EQUAL = component(COLD_START_8B.stageSeconds['weights-download'], 0);

const ANYTHING: Schema = { '~standard': { version: 1, vendor: 'compound', validate: (value) => ({ value }) } };

/** Some seconds of work, little beside a cold start. */
const ANSWER_TOKENS = 300;

/** Longer than any cascade here. */
const TIMEOUT_MS = 3_600_000;

/** By the name of the graph. */
export const CASCADES: Readonly<Record<string, CascadeDemo>> = {
  chain3: {
    title: 'a chain of three models with equal cold starts',
    system: systemOf('chain3', {
      planner: { needs: [], model: EQUAL },
      searcher: { needs: ['planner'], model: EQUAL },
      writer: { needs: ['searcher'], model: EQUAL },
    }),
  },
  chain4: {
    title: 'a chain of four models with unequal cold starts, two on Bedrock',
    system: systemOf('chain4', {
      planner: { needs: [], model: importedModel8b },
      expert: { needs: ['planner'], model: component(160) },
      critic: { needs: ['expert'], model: component(77) },
      writer: { needs: ['critic'], model: importedModel32b },
    }),
  },
  fanout5: {
    title: 'a planner, and a fan-out to five specialists',
    system: systemOf('fanout5', {
      planner: { needs: [], model: component(77) },
      law: { needs: ['planner'], model: component(120) },
      tax: { needs: ['planner'], model: component(77) },
      trade: { needs: ['planner'], model: component(100) },
      health: { needs: ['planner'], model: component(60) },
      energy: { needs: ['planner'], model: component(77) },
    }),
  },
};

function systemOf(name: string, steps: Readonly<Record<string, Step>>): LocalSystem {
  const nodes = Object.entries(steps).map(
    ([id, { needs }]): NodeDefinition => ({ id, needs, kind: 'call', call: model(id), input: () => id }),
  );
  const graph = new Graph({
    name,
    input: ANYTHING,
    timeout: { totalMs: TIMEOUT_MS },
    nodes,
    result: { needs: Object.keys(steps), run: () => null },
  });
  const components = Object.entries(steps).map(([id, step]) => [id, standIn(id, step.model)]);
  return { graph, components: Object.fromEntries(components), example: {} };
}

function standIn(name: string, behaviour: ModelBehaviour): LocalChatModel {
  const backend = modelBackend(name, behaviour);
  return { kind: 'chat-model', backend, behaviour, brain: () => textOfTokens(ANSWER_TOKENS) };
}
