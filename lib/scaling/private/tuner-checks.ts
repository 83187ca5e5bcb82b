import { type Report, show } from '../../private/checks';
import type { PolicyTunerProps } from '../policy-tuner-props';
import type { TunedComponents } from './tuned-components';

/** Everything about a tuner that needs no look at its components. */
export function checkTuner(
  { agents, components = [] }: PolicyTunerProps,
  tuned: TunedComponents,
  report: Report,
): void {
  if (agents.length === 0) report('tuner/no-agents', 'agents', 'must name one agent or more, got: none');
  const names = agents.map(({ graph }) => graph.name);
  for (const [at, { objective, graph, node }] of agents.entries()) {
    if (objective === undefined) {
      const remedy = 'give it one, as in objective: { p95: Duration.seconds(8) }';
      report('tuner/no-objective', `agents[${at}]`, `${node.path} has no objective to tune toward: ${remedy}`);
    }
    if (names.indexOf(graph.name) < at) {
      const message = `must run graphs of different names, since they are told apart by them, got twice: ${show(graph.name)}`;
      report('tuner/agent-name-twice', `agents[${at}]`, message);
    }
  }
  if (agents.length > 0 && tuned.all.length === 0) {
    report(
      'tuner/nothing-to-tune',
      'agents',
      'call no model whose copies scale: call autoScaleCopies on one, before you make the tuner',
    );
  }
  const scaled = tuned.all.map(([, { component }]) => component);
  for (const [at, { component }] of components.entries()) {
    const field = `components[${at}].component`;
    if (!scaled.includes(component)) {
      report(
        'tuner/component-not-tuned',
        field,
        `${component.node.path} is called by none of the agents, or has no autoScaleCopies`,
      );
    }
    if (components.findIndex((other) => other.component === component) < at) {
      report('tuner/component-twice', field, 'is described already: say all of it in one place');
    }
  }
}
