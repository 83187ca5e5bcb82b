import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { Agent } from '../../agent/agent';
import { Spillover } from '../../bindings/spillover';
import type { IComponent } from '../../component';
import { InferenceComponent } from '../../fleet/inference-component';
import { known, type Report, show } from '../../private/checks';
import { checkShape } from '../../private/shape';
import type { PrewarmedComponent, PrewarmingProps } from '../prewarming-props';
import { PREWARMING } from './shapes';
import { askedFirst, type WarmedComponent } from './warmed-component';

/** Everything about pre-warming that needs no look at the components of agents. */
export function checkPrewarming(props: PrewarmingProps, report: Report): void {
  checkShape('prewarming', '', props, PREWARMING, report);
  const { agents, monthlyBudget, hourlyBudget, maxSimultaneousWarms } = props;
  if (agents.length === 0) report('prewarming/no-agents', 'agents', 'must name one agent or more, got: none');
  for (const name of twice(agents.map(({ graph }) => graph.name))) {
    const message = `must run graphs of different names, since they are told apart by them, got twice: ${show(name)}`;
    report('prewarming/agent-name-twice', 'agents', message);
  }
  checkBudget('monthlyBudget', monthlyBudget, report);
  if (hourlyBudget !== undefined) checkBudget('hourlyBudget', hourlyBudget, report);
  if (hourlyBudget !== undefined && hourlyBudget > monthlyBudget) {
    const message = `must not be above monthlyBudget (${monthlyBudget}), got: ${hourlyBudget}`;
    report('prewarming/budget-order', 'hourlyBudget', message);
  }
  if (
    maxSimultaneousWarms !== undefined &&
    !(Number.isInteger(known(maxSimultaneousWarms)) && maxSimultaneousWarms >= 1)
  ) {
    const message = `must be a whole number of components from 1 that is known at synthesis, got: ${show(maxSimultaneousWarms)}`;
    report('prewarming/simultaneous', 'maxSimultaneousWarms', message);
  }
  for (const [at, component] of (props.components ?? []).entries()) checkComponent(props, at, component, report);
}

/**
 * An agent refers to the warmer, and the warmer to what the agent calls: with these two in one stack and the warmer in another, each
 * stack would need the other first.
 */
export function checkStacks(
  warmer: IConstruct,
  agent: Agent,
  components: readonly WarmedComponent[],
  report: Report,
): void {
  const [own, stack] = [deployedWith(warmer), deployedWith(agent)];
  if (own === stack) return;
  const beside = components.find(({ source }) => deployedWith(source) === stack);
  if (!beside) return;
  const message =
    `the agent ${agent.graph.name} and ${beside.source.node.path}, which it calls, are both in the stack ${stack.node.path}, so that this ` +
    `stack (${own.node.path}) and that would need each other: make the Prewarming in ${stack.node.path}`;
  report('prewarming/stack-cycle', 'agents', message);
}

/** A nested stack is deployed with the one around it. */
function deployedWith(construct: IConstruct): Stack {
  const stack = Stack.of(construct);
  return stack.nestedStackParent ? deployedWith(stack.nestedStackParent) : stack;
}

/** Those whose number of copies nothing changes, as far as is known now. */
export function fixedComponentsOf(agents: readonly Agent[]): InferenceComponent[] {
  return boundTo(agents)
    .map(askedFirst)
    .filter((one) => one instanceof InferenceComponent)
    .filter(({ copyScaling }) => copyScaling === undefined);
}

/** Scaling that came after pre-warming was made has been overlooked. */
export function checkScaledLater(fixed: readonly InferenceComponent[], report: Report): void {
  for (const { copyScaling, node } of fixed) {
    if (copyScaling === undefined) continue;
    const message = `${node.path} got autoScaleCopies after pre-warming was made, which took it for fixed: call it before`;
    report('prewarming/scaled-later', 'agents', message);
  }
}

function boundTo(agents: readonly Agent[]): IComponent[] {
  return agents.flatMap(({ components }) => Object.values(components));
}

function checkBudget(field: string, usd: number, report: Report): void {
  if (known(usd) !== undefined && usd > 0 && usd < Infinity) return;
  const message = `must be an amount of US dollars above 0 that is known at synthesis, got: ${show(usd)}`;
  report('prewarming/budget', field, `${message}; to warm nothing, say enabled: false`);
}

function checkComponent(
  { agents, components = [] }: PrewarmingProps,
  at: number,
  own: PrewarmedComponent,
  report: Report,
) {
  const field = `components[${at}]`;
  const warmed = askedFirst(own.component);
  const bound = boundTo(agents);
  if (!bound.map(askedFirst).includes(warmed)) {
    const isFallback = bound.some((one) => one instanceof Spillover && one.alternatives.includes(warmed));
    if (isFallback) {
      const message = 'is not warmed, since only the first backend of a Spillover is warmed: say nothing of it';
      report('prewarming/component-fallback', `${field}.component`, message);
    } else {
      const message = 'is bound to none of the agents: give the object that the agent has in its components';
      report('prewarming/component-unbound', `${field}.component`, message);
    }
  }
  if (components.findIndex(({ component }) => askedFirst(component) === warmed) < at) {
    report('prewarming/component-twice', `${field}.component`, 'is described already: say all of it in one place');
  }
  for (const name of ['pricePerCopyHour', 'customModelUnits'] as const) {
    const value = own[name];
    if (value === undefined || (known(value) !== undefined && value > 0 && value < Infinity)) continue;
    const message = `must be a number above 0 that is known at synthesis, got: ${show(value)}`;
    report('prewarming/bad-price', `${field}.${name}`, message);
  }
}

function twice(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, at) => names.indexOf(name) < at))];
}
