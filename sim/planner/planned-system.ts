import type { GraphDescription, NodeDescription } from '../../core/graph/describe';
import type { AgentModel, AgentNode } from '../agent/agent-model';
import type { ComputeNeeds } from '../hosting/host';
import type { MeasuredProfile } from '../profiles/profile-file';
import type { ColdStartProfile } from '../serving/cold-start';
import type { CopyProfile } from '../serving/copy-profile';
import type { Distribution } from '../workload/distribution';
import { inferenceComponent8b } from '../world/presets';
import type { ToolModel } from '../world/world-model';
import { PlanError } from './plan-error';
import type { HostedPlan, PlanFile } from './plan-file';

/** An agent and all that it calls, before it is decided where copies run, and how many. */
export interface PlannedSystem {
  readonly agent: AgentModel;
  readonly hosted: readonly HostedComponent[];
  readonly services: Readonly<Record<string, ToolModel>>;
  readonly objective: { readonly p95Ms: number };
}

export interface HostedComponent {
  readonly name: string;
  /** What a copy is, on one kind of accelerator or another. */
  readonly variants: readonly CopyVariant[];
  readonly coldStart: ColdStartProfile;
}

export interface CopyVariant {
  readonly accelerator: string;
  readonly needs: ComputeNeeds;
  readonly copy: CopyProfile;
}

const DEFAULT_PROBABILITY = 0.5;
const DEFAULT_ITEMS = 3;
/** A search in an index, or a Lambda function that asks a database: assumed. */
const DEFAULT_DURATION_MS: Distribution = { lognormal: { p50: 120, p95: 400 } };
/** The longest run of a Lambda function, https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html. */
const LAMBDA_TIMEOUT_MS = 900_000;

/** What a plan needs of a profile. */
export type KnownProfile = Pick<MeasuredProfile, 'copy' | 'measuredOn'>;

/**
 * Joins a graph with what a plan file says of it.
 *
 * @param profiles by the names that the plan file uses
 * @returns the system, and in words what had to be assumed
 * @throws PlanError if the file names what the graph does not have, leaves out a model, or runs one on what its profile
 * was not measured on
 */
export function planSystem(
  graph: GraphDescription,
  file: PlanFile,
  profiles: ReadonlyMap<string, KnownProfile>,
  objective: { readonly p95Ms: number },
): { readonly system: PlannedSystem; readonly assumptions: readonly string[] } {
  const faults = [...misfits(graph, file, profiles)];
  if (faults.length > 0) throw new PlanError(faults.join('\n'));

  const assumptions: string[] = [];
  const assume = (text: string) => assumptions.push(text);
  const nodes = graph.nodes.map((node) => modelNode(node, file, assume));
  const { hosted, services } = componentsOf(graph, file, profiles, assume);
  const { timeout, retry } = graph;
  const agent: AgentModel = { nodes, timeoutMs: timeout?.totalMs ?? LAMBDA_TIMEOUT_MS, ...(retry && { retry }) };
  return { system: { agent, hosted, services, objective }, assumptions };
}

function* misfits(
  { name, nodes, components }: GraphDescription,
  file: PlanFile,
  profiles: ReadonlyMap<string, KnownProfile>,
): Iterable<string> {
  const known = new Map(components.map((component) => [component.name, component]));
  for (const given of Object.keys(file.components)) {
    if (!known.has(given))
      yield `plan.components.${given} is none of what ${name} calls: ${[...known.keys()].join(', ')}`;
  }
  for (const given of Object.keys(file.nodes ?? {})) {
    if (!nodes.some(({ id }) => id === given)) {
      yield `plan.nodes.${given} is no node of ${name}: ${nodes.map(({ id }) => id).join(', ')}`;
    }
  }
  for (const { name: component, kind } of components) {
    if (kind !== 'model' || Object.hasOwn(file.components, component)) continue;
    yield `plan.components.${component} is missing, a model of ${name}: give it runsOn with a profile of its speed ` +
      '(compound profile makes one from a log), or durationMs if others run it';
  }
  if (!Object.values(file.components).some((component) => 'runsOn' in component)) {
    yield 'plan.components has no model with runsOn: there is no fleet to plan';
  }
  for (const [component, given] of Object.entries(file.components)) {
    if ('runsOn' in given) yield* otherHardware(component, given, profiles);
  }
}

/** A profile tells nothing about an accelerator that it was not measured on: neither speed nor room for the weights. */
function* otherHardware(
  component: string,
  { runsOn }: HostedPlan,
  profiles: ReadonlyMap<string, KnownProfile>,
): Iterable<string> {
  for (const [at, { accelerator, accelerators = 1, profile }] of runsOn.entries()) {
    const measuredOn = profiles.get(profile)?.measuredOn;
    if (!measuredOn || (measuredOn.accelerator === accelerator && measuredOn.accelerators === accelerators)) continue;
    yield `plan.components.${component}.runsOn[${at}].profile ${profile} was measured on ${measuredOn.accelerators} ` +
      `${measuredOn.accelerator}, not on ${accelerators} ${accelerator}: measure a copy there (compound profile makes a ` +
      'profile from its log), or name what it was measured on';
  }
}

function modelNode(node: NodeDescription, { nodes, components }: PlanFile, assume: (text: string) => void): AgentNode {
  const { id, needs, component, kind, conditional, concurrency } = node;
  const { probability, items, promptTokens, outputTokens } = nodes?.[id] ?? {};
  if (conditional && probability === undefined) {
    assume(`node ${id} runs in half of the runs: plan.nodes.${id}.probability says better`);
  }
  if (kind === 'map' && items === undefined) {
    assume(`node ${id} has ${DEFAULT_ITEMS} items: plan.nodes.${id}.items says better`);
  }
  if (kind === 'plan') {
    const { tools = [] } = node;
    assume(
      `node ${id} calls its planner only: what tasks call of ${tools.join(', ')} is not counted, because each run has others`,
    );
  }
  const hosted = component !== undefined && 'runsOn' in (components[component] ?? {});
  if (hosted && (promptTokens === undefined || outputTokens === undefined)) {
    const missing = [
      ...(promptTokens === undefined ? ['promptTokens'] : []),
      ...(outputTokens === undefined ? ['outputTokens'] : []),
    ].join(' and ');
    assume(`node ${id} takes the ${missing} of the request: plan.nodes.${id} says better`);
  }
  return {
    id,
    needs,
    ...(component !== undefined && { component }),
    ...(conditional && { probability: probability ?? DEFAULT_PROBABILITY }),
    ...(kind === 'map' && { items: items ?? DEFAULT_ITEMS }),
    ...(concurrency !== undefined && { concurrency }),
    ...(promptTokens !== undefined && { promptTokens }),
    ...(outputTokens !== undefined && { outputTokens }),
  };
}

function componentsOf(
  graph: GraphDescription,
  file: PlanFile,
  profiles: ReadonlyMap<string, KnownProfile>,
  assume: (text: string) => void,
) {
  const hosted: HostedComponent[] = [];
  const services: Record<string, ToolModel> = {};
  // What only tasks of plans call is not counted.
  const called = new Set(graph.nodes.map(({ component }) => component));
  for (const { name } of graph.components) {
    const given = file.components[name];
    if (given && 'runsOn' in given) {
      if (given.coldStartSeconds === undefined) {
        const seconds = Math.round(DEFAULT_START_SECONDS);
        assume(
          `a copy of ${name} starts in ${seconds} s, as one of 8B: plan.components.${name}.coldStartSeconds says better`,
        );
      }
      hosted.push(hostedComponent(name, given, profiles));
    } else {
      if (!given && called.has(name))
        assume(`${name} takes 120 ms (P95 400 ms): plan.components.${name}.durationMs says better`);
      services[name] = { kind: 'tool', durationMs: DEFAULT_DURATION_MS, ...given };
    }
  }
  return { hosted, services };
}

function hostedComponent(
  name: string,
  { runsOn, coldStartSeconds = DEFAULT_START_SECONDS }: HostedPlan,
  profiles: ReadonlyMap<string, KnownProfile>,
): HostedComponent {
  return {
    name,
    variants: runsOn.map(({ accelerator, accelerators = 1, cpuCores, memoryMiB, profile }) => {
      const known = profiles.get(profile);
      if (!known) throw new PlanError(`plan.components.${name} names the profile ${profile}, which was not read`);
      return { accelerator, needs: { accelerators, vcpus: cpuCores, memoryMiB }, copy: known.copy };
    }),
    coldStart: coldStartOf(coldStartSeconds),
  };
}

const { stageSeconds: STAGES_8B, variation: VARIATION } = inferenceComponent8b.coldStart;

/** Without the image, which a new instance comes with. */
const DEFAULT_START_SECONDS = STAGES_8B['weights-download'] + STAGES_8B['container-init'] + STAGES_8B['engine-init'];

/** Its stages divide as those of the 8B model. */
function coldStartOf(seconds: number): ColdStartProfile {
  const share = seconds / DEFAULT_START_SECONDS;
  return {
    stageSeconds: {
      'image-pull': STAGES_8B['image-pull'],
      'weights-download': STAGES_8B['weights-download'] * share,
      'container-init': STAGES_8B['container-init'] * share,
      'engine-init': STAGES_8B['engine-init'] * share,
    },
    variation: VARIATION,
  };
}
