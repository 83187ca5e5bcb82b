import type { ShapeNode } from './split/graph-shape';
import type { Mechanisms, TunerConfig } from './tuner/config';
import type { DeployedPolicy } from './tuner/policy-watch';

/**
 * Environment variable by which a deployment tells the tuner its configuration:
 *
 * - `{"mode":...}`: the configuration itself
 * - `secret:arn:...`: a secret of Secrets Manager that holds it
 * - anything else: path of a JSON file
 */
export const TUNER_VARIABLE = 'COMPOUND_TUNER';

/** What a deployment tells the tuner: whom to tune, toward what, and within which bounds. Plain JSON data. */
export interface TunerDeployment {
  /** `dry-run` decides and writes the ledger, but changes nothing; `off` does nothing at all. */
  readonly mode: TunerConfig['mode'];
  /** Those that are left out are on. @default - all */
  readonly mechanisms?: Partial<Mechanisms>;
  /**
   * Name of the table of state and ledger: partition key `component`, sort key `at`, both strings; time to live in
   * `expiresAtSeconds`.
   */
  readonly table: string;
  /** How long entries of the ledger are kept. @default 90 */
  readonly ledgerDays?: number;
  /** By name, as in the dimension `agent` of their metrics. */
  readonly agents: Readonly<Record<string, TunedAgent>>;
  /** Whatever of the agents is scaled, by the name that their graphs call it. */
  readonly components: Readonly<Record<string, TunedComponent>>;
  /** Tells the configurations of two deployments apart where a secret holds them. */
  readonly revision?: string;
}

export interface TunedAgent {
  /** Value of the dimension `function` of its metrics: the name of the function that runs it. */
  readonly functionName: string;
  /** Of the P95 of whole runs. */
  readonly objectiveMs: number;
  /** Its graph, after each plan its parts. What calls a tuned component is measured as `callerOf` says. */
  readonly nodes: readonly ShapeNode[];
}

export interface TunedComponent {
  readonly inferenceComponentName: string;
  /** Of the target tracking policy; the resource is `inference-component/<name>`. */
  readonly policyName: string;
  /** Bounds that are kept whatever is decided. */
  readonly minCopies: number;
  readonly maxCopies: number;
  readonly minTarget: number;
  readonly maxTarget: number;
  readonly pricePerCopyHourUsd: number;
  /** Of the P95 of one call. @default - its share of the agents' objectives, split by what is measured */
  readonly objectiveMs?: number;
  /**
   * What a deployment sets the policy to. Where the live one becomes just that after it has changed here, a deployment has
   * done so, and tuning goes on from there.
   *
   * @default - not known: whoever changes the policy is somebody else
   */
  readonly deployed?: DeployedPolicy;
  /** When a person last said that policies changed by hand may be tuned again. */
  readonly acknowledgedAtMs?: number;
}

/** What calls a component: a node, or a plan. */
export interface Caller {
  readonly agent: string;
  readonly functionName: string;
  readonly node: string;
  /** Of a plan, which calls others, too: the component as its metrics name it. */
  readonly component?: string;
}

/** By what the metrics of the calls of a node, or of a part of a plan, are told apart. */
export function callerOf(agent: string, { functionName }: TunedAgent, { id, part }: ShapeNode): Caller {
  if (part) return { agent, functionName, node: part.plan, component: part.calls };
  return { agent, functionName, node: id };
}

export function callersOf({ agents }: Pick<TunerDeployment, 'agents'>, component: string): readonly Caller[] {
  return Object.entries(agents).flatMap(([agent, tuned]) =>
    tuned.nodes.filter((node) => node.component === component).map((node) => callerOf(agent, tuned, node)),
  );
}

/** Components and the agents that share them: what no change reaches beyond. */
export interface TunedGroup {
  readonly agents: readonly string[];
  readonly components: readonly string[];
}

/** Agents that share a component are tuned together, others apart. */
export function tunedGroups({ agents, components }: TunerDeployment): readonly TunedGroup[] {
  const groups: TunedGroup[] = [];
  for (const [agent, { nodes }] of Object.entries(agents)) {
    const called = nodes.flatMap(({ component }) =>
      component !== undefined && Object.hasOwn(components, component) ? [component] : [],
    );
    const joined = groups.filter((group) => group.components.some((name) => called.includes(name)));
    const merged = {
      agents: [...joined.flatMap((group) => group.agents), agent],
      components: [...new Set([...joined.flatMap((group) => group.components), ...called])],
    };
    groups.splice(0, groups.length, ...groups.filter((group) => !joined.includes(group)), merged);
  }
  return groups.filter((group) => group.components.length > 0);
}
