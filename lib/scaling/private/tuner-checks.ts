import type { Construct } from 'constructs';
import type { IAgent } from '../../agent/agent-ref';
import type { InferenceComponent } from '../../fleet/inference-component';
import { knownMs, type Report, show } from '../../private/checks';
import { checkShape } from '../../private/shape';
import type { PolicyTunerProps } from '../policy-tuner-props';
import { TUNER } from './shapes';
import type { TunedComponents } from './tuned-components';

/** Everything about a tuner that needs no look at its components. */
export function checkTuner(props: PolicyTunerProps, tuned: TunedComponents, report: Report): void {
  checkShape('tuner', '', props, TUNER, report);
  checkAgents(props.agents, tuned, report);
  checkDescriptions(props, tuned, report);
  checkClaims(tuned, report);
  const { ledgerRetention } = props;
  if (ledgerRetention !== undefined && !((knownMs(ledgerRetention) ?? 0) > 0)) {
    const message = `must be above 0 and known at synthesis, got: ${show(knownMs(ledgerRetention))} ms`;
    report('tuner/bad-retention', 'ledgerRetention', message);
  }
}

function checkAgents(agents: readonly IAgent[], tuned: TunedComponents, report: Report): void {
  if (agents.length === 0) report('tuner/no-agents', 'agents', 'must name one agent or more, got: none');
  const names = agents.map(({ graph }) => graph.name);
  for (const [at, { objective, graph, node }] of agents.entries()) {
    const field = `agents[${at}]`;
    if (objective === undefined) {
      const remedy = 'give it one, as in objective: { p95: Duration.seconds(8) }';
      report('tuner/no-objective', field, `${node.path} has no objective to tune toward: ${remedy}`);
    } else if (knownMs(objective.p95) === undefined) {
      const message = `${node.path} has an objective that is known only at deployment, and alarms follow from it: write the duration`;
      report('tuner/late-objective', field, message);
    }
    if (names.indexOf(graph.name) < at) {
      const message = `must run graphs of different names, since they are told apart by them, got twice: ${show(graph.name)}`;
      report('tuner/agent-name-twice', field, message);
    }
  }
  if (agents.length > 0 && tuned.all.length === 0) {
    const remedy = 'call autoScaleCopies on one, before you make the tuner';
    report('tuner/nothing-to-tune', 'agents', `call no model whose copies scale: ${remedy}`);
  }
}

const TUNERS = new WeakMap<InferenceComponent, Construct>();

/** Each of two tuners would take what the other writes for changes made by hand. */
function checkClaims(tuned: TunedComponents, report: Report): void {
  for (const [name, { component }] of tuned.all) {
    const other = TUNERS.get(component);
    if (!other) continue;
    const message = `is tuned by ${other.node.path} already: make one new PolicyTuner(...) for all agents that call it`;
    report('tuner/tuned-twice', `components.${name}`, message);
  }
}

/** From now on the components are this tuner's. */
export function claimComponents(tuner: Construct, tuned: TunedComponents): void {
  for (const [, { component }] of tuned.all) TUNERS.set(component, tuner);
}

function checkDescriptions({ components = [] }: PolicyTunerProps, tuned: TunedComponents, report: Report): void {
  const scaled = tuned.all.map(([, { component }]) => component);
  for (const [at, own] of components.entries()) {
    const { component } = own;
    const field = `components[${at}].component`;
    if (!scaled.includes(component)) {
      const message = `${component.node.path} is called by none of the agents, or has no autoScaleCopies`;
      report('tuner/component-not-tuned', field, message);
    }
    if (components.findIndex((other) => other.component === component) < at) {
      report('tuner/component-twice', field, 'is described already: say all of it in one place');
    }
  }
}
