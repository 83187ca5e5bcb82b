import { fits } from '../hosting/fleet';
import type { Scenario } from './scenario';
import { scenarioShape } from './scenario-shape';

/** Yields what is wrong with a scenario: first the shape of its fields, and if that is right, how they fit together. */
export function* scenarioFaults(scenario: unknown): Iterable<string> {
  let isWhole = true;
  for (const fault of scenarioShape('scenario', scenario)) {
    isWhole = false;
    yield fault;
  }
  if (isWhole) yield* misfits(scenario as Scenario);
}

function* misfits({ agent, world, workload, trainingDays }: Scenario): Iterable<string> {
  if (trainingDays >= workload.days) {
    yield `scenario.trainingDays must be less than workload.days (${workload.days}), got: ${trainingDays}; the rest is scored`;
  }
  const ids = new Set<string>();
  const clients = workload.clients?.flatMap((client) => client.name ?? []) ?? [];
  for (const { id, needs: needed, component: name, probability, sharedPrefix } of agent.nodes) {
    const at = `scenario.agent.nodes.${id}`;
    if (ids.has(id)) yield `${at} is there twice`;
    for (const need of needed) {
      if (!ids.has(need)) yield `${at}.needs names ${need}, which is no node before it`;
    }
    ids.add(id);
    if (name !== undefined && !Object.hasOwn(world.components, name)) {
      yield `${at}.component names ${name}, which is none of ${Object.keys(world.components).join(', ')}`;
    }
    for (const client of typeof probability === 'object' ? Object.keys(probability) : []) {
      if (!clients.includes(client)) yield `${at}.probability names ${client}, which is ${noneOf(clients)}`;
    }
    if (sharedPrefix && (name === undefined || world.components[name]?.kind === 'tool')) {
      yield `${at}.sharedPrefix is of no use: the node calls no model`;
    }
  }
  if (!Object.values(world.components).some(({ kind }) => kind === 'inference-component')) {
    yield 'scenario.world.components has no inference-component: a static fleet needs one to run';
  }
  for (const [name, model] of Object.entries(world.components)) {
    const at = `scenario.world.components.${name}`;
    if (model.kind === 'tool') continue;
    const { minCopies, maxCopies } = model.scaling;
    if (minCopies > maxCopies) {
      yield `${at}.scaling.minCopies must be at most maxCopies (${maxCopies}), got: ${minCopies}`;
    }
    const { maxSequences, maxStepTokens } = model.copy;
    if (maxStepTokens < maxSequences) {
      yield `${at}.copy.maxStepTokens must be at least maxSequences (${maxSequences}), got: ${maxStepTokens}`;
    }
    if (model.kind !== 'inference-component') continue;
    const on = Object.hasOwn(world.fleets, model.fleet) ? world.fleets[model.fleet] : undefined;
    if (!on) {
      yield `${at}.fleet names ${model.fleet}, which is none of ${Object.keys(world.fleets).join(', ')}`;
    } else if (!on.instances.some((each) => fits(model.needs, each))) {
      const types = on.instances.map(({ type }) => type).join(', ');
      yield `${at}.needs fits no instance of fleet ${model.fleet} (${types}): ask for less, or add a larger type`;
    }
  }
}

function noneOf(clients: readonly string[]): string {
  return clients.length > 0 ? `none of ${clients.join(', ')}` : 'no name of a client: workload.clients have none';
}
