import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Binding, Bindings } from '../../../core/graph/binding';
import type { Graph } from '../../../core/graph/graph';
import { streamedComponents } from '../../../core/graph/stream';
import { isBinding } from '../../bindings/private/binding-check';
import type { IComponent } from '../../component';
import { collectFaults, type Report } from '../../private/checks';
import { isComponent } from './agent-checks';

/** What is bound for an agent, and for whom. */
export interface BindComponentsOptions {
  readonly graph: Graph;
  readonly components: Readonly<Record<string, IComponent>>;
  readonly grantee: IGrantable;
}

/** Those that nothing is wrong with: each component refuses for itself, and none hides the faults of another. */
export function bindComponents(
  agent: Construct,
  { graph, components, grantee }: BindComponentsOptions,
  report: Report,
): Bindings {
  const bindings: Record<string, Binding> = {};
  const scopes = new Construct(agent, 'Components');
  const streamed = streamedComponents(graph.definition.nodes);
  for (const component of graph.components()) {
    const { name } = component;
    const bound = components[name];
    if (!isComponent(bound)) continue;
    const field = `components.${name}`;
    collectFaults(field, report, () => {
      const scope = new Construct(scopes, name);
      const binding = bound.bind({ scope, grantee, component, isStreamed: streamed.has(component) });
      if (isBinding(scope, field, binding, report)) bindings[name] = binding;
    });
  }
  return bindings;
}
