import { variantOn } from './deployment';
import type { Plan } from './plan';
import type { HostedComponent, PlannedSystem } from './planned-system';

/** The numbers of a plan by the names of the constructs. */
export interface ConstructProps {
  /** Of `InferenceFleet`; types by name, as `InferenceInstanceType.of` takes them. */
  readonly fleet: {
    readonly instanceTypes: readonly string[];
    readonly minInstances: number;
    readonly maxInstances: number;
  };
  readonly components: Readonly<Record<string, ComponentProps>>;
}

export interface ComponentProps {
  /** Of `addComponent`. */
  readonly resources: { readonly accelerators: number; readonly cpuCores: number; readonly memoryMiB: number };
  /** Of `autoScaleCopies`. */
  readonly autoScaleCopies: { readonly min: number; readonly max: number; readonly targetConcurrency: number };
}

export function constructProps(
  { hosted }: Pick<PlannedSystem, 'hosted'>,
  { deployment }: Pick<Plan, 'deployment'>,
): ConstructProps {
  const { offer, maxInstances, copies } = deployment;
  const isNeverZero = Object.values(copies).some(({ min }) => min > 0);
  const props = (component: HostedComponent): ComponentProps => {
    const { accelerators, vcpus, memoryMiB } = variantOn(component, offer)!.needs;
    return { resources: { accelerators, cpuCores: vcpus, memoryMiB }, autoScaleCopies: copies[component.name]! };
  };
  return {
    fleet: { instanceTypes: [offer.type], minInstances: isNeverZero ? 1 : 0, maxInstances },
    components: Object.fromEntries(hosted.map((component) => [component.name, props(component)])),
  };
}

/**
 * A TypeScript module with a function that makes the fleet; the models themselves are the caller's.
 *
 * @param agent name of the graph
 */
export function constructModule({ fleet, components }: ConstructProps, agent: string): string {
  const names = Object.keys(components);
  const key = (name: string) => (IDENTIFIER.test(name) ? name : quote(name));
  const member = (name: string) => (IDENTIFIER.test(name) ? `.${name}` : `[${quote(name)}]`);
  return `import { InferenceFleet, InferenceInstanceType, type InferenceModel } from 'cdk-compound-inference';
import type { Construct } from 'constructs';

/** The models of ${agent.replaceAll('*/', '* /')} on a fleet, with the numbers of \`compound plan\`. */
export function addFleet(scope: Construct, models: Record<${names.map(quote).join(' | ')}, InferenceModel>) {
  const fleet = new InferenceFleet(scope, 'Fleet', {
    instanceTypes: [${fleet.instanceTypes.map((type) => `InferenceInstanceType.of(${quote(type)})`).join(', ')}],
    minInstances: ${fleet.minInstances},
    maxInstances: ${fleet.maxInstances},
  });
  const components = {
${names
  .map(
    (name) => `    ${key(name)}: fleet.addComponent(${quote(name)}, {
      model: models${member(name)},
      resources: ${literal(components[name]!.resources)},
    }),`,
  )
  .join('\n')}
  };
${names
  .map((name) => `  components${member(name)}.autoScaleCopies(${literal(components[name]!.autoScaleCopies)});`)
  .join('\n')}
  return { fleet, components };
}
`;
}

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** Of a text without line breaks, as names of components are. */
function quote(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

function literal(fields: object): string {
  const entries = Object.entries(fields).map(([field, value]) => `${field}: ${value}`);
  return `{ ${entries.join(', ')} }`;
}
