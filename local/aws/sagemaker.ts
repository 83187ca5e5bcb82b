import type { InstanceCounts, World } from '../world/world';
import { ACCOUNT, isRecord, REGION } from './http';
import type { LocalAws } from './local-aws';
import { stringOf } from './read-json';
import { exception, type RpcInput, type RpcService } from './rpc-service';
import { type SageMakerModel, sagemakerModels } from './sagemaker-models';

/** The control operations of SageMaker. */
export const sagemaker: RpcService = {
  name: 'SageMaker',
  targetPrefix: 'SageMaker',
  operations: new Map([
    ['DescribeEndpoint', describeEndpoint],
    ['DescribeInferenceComponent', describeInferenceComponent],
    ['ListInferenceComponents', listInferenceComponents],
    ['UpdateInferenceComponentRuntimeConfig', updateRuntimeConfig],
  ]),
  rangeError: (message) => exception('ValidationException', message),
};

function describeEndpoint({ world }: LocalAws, input: RpcInput): object {
  const name = stringOf(input.EndpointName, 'EndpointName');
  const models = sagemakerModels(world).filter(({ backend }) => backend.endpointName === name);
  if (models.length === 0) {
    throw exception('ValidationException', `Could not find endpoint "${arn('endpoint', name)}".`);
  }
  const { current, desired } = instancesBehind(world, models);
  return {
    EndpointName: name,
    EndpointArn: arn('endpoint', name),
    EndpointStatus: 'InService',
    ProductionVariants: [{ VariantName: VARIANT, CurrentInstanceCount: current, DesiredInstanceCount: desired }],
    ...TIMES,
  };
}

/** Of every fleet that a model of the endpoint runs on, whoever else runs there. */
function instancesBehind(world: World, models: readonly SageMakerModel[]): InstanceCounts {
  const fleets = new Set(models.flatMap(({ model: { behaviour } }) => ('fleet' in behaviour ? [behaviour.fleet] : [])));
  const counts = [...fleets].flatMap((fleet) => world.instances(fleet) ?? []);
  return {
    current: counts.reduce((sum, { current }) => sum + current, 0),
    desired: counts.reduce((sum, { desired }) => sum + desired, 0),
  };
}

function describeInferenceComponent({ world }: LocalAws, input: RpcInput): object {
  const component = findComponent(world, input);
  const { desiredCopies, copies } = component.model.state;
  return {
    ...summaryOf(component),
    RuntimeConfig: {
      DesiredCopyCount: desiredCopies,
      CurrentCopyCount: copies.filter(({ status }) => status === 'in-service' || status === 'draining').length,
    },
  };
}

/** Every match on one page: a local stack has few components. */
function listInferenceComponents({ world }: LocalAws, input: RpcInput): object {
  const matches = ({ InferenceComponentName, EndpointName, InferenceComponentStatus }: Summary) =>
    InferenceComponentName.includes(stringOf(input.NameContains ?? '', 'NameContains')) &&
    EndpointName === (input.EndpointNameEquals ?? EndpointName) &&
    InferenceComponentStatus === (input.StatusEquals ?? InferenceComponentStatus);
  return { InferenceComponents: componentsOf(world).map(summaryOf).filter(matches) };
}

function updateRuntimeConfig({ world }: LocalAws, input: RpcInput): object {
  const component = findComponent(world, input);
  const { model, name } = component;
  const config = input.DesiredRuntimeConfig;
  const copyCount = requireNumber(isRecord(config) ? config.CopyCount : undefined);
  if (summaryOf(component).InferenceComponentStatus === 'Updating') {
    const message = `Cannot update in-progress inference component "${arn('inference-component', name)}".`;
    throw exception('ValidationException', message);
  }
  model.setDesiredCopies(copyCount);
  return { InferenceComponentArn: arn('inference-component', name) };
}

/** @throws RangeError for anything else, even if JavaScript would make a number of it: `null` is not 0 copies. */
function requireNumber(copyCount: unknown): number {
  if (typeof copyCount === 'number') return copyCount;
  throw new RangeError(`DesiredRuntimeConfig.CopyCount must be a number, got: ${JSON.stringify(copyCount)}`);
}

interface InferenceComponent extends SageMakerModel {
  readonly name: string;
}

function componentsOf(world: World): InferenceComponent[] {
  return sagemakerModels(world).flatMap(({ backend, model }) =>
    backend.inferenceComponentName ? [{ backend, model, name: backend.inferenceComponentName }] : [],
  );
}

function findComponent(world: World, input: RpcInput): InferenceComponent {
  const name = stringOf(input.InferenceComponentName, 'InferenceComponentName');
  const component = componentsOf(world).find((candidate) => candidate.name === name);
  if (component) return component;
  throw exception('ValidationException', `Could not find inference component "${arn('inference-component', name)}".`);
}

type Summary = ReturnType<typeof summaryOf>;

function summaryOf({ backend, model, name }: InferenceComponent) {
  const isChanging = model.state.copies.some((copy) => copy.status !== 'in-service');
  return {
    InferenceComponentName: name,
    InferenceComponentArn: arn('inference-component', name),
    EndpointName: backend.endpointName,
    EndpointArn: arn('endpoint', backend.endpointName),
    VariantName: VARIANT,
    InferenceComponentStatus: isChanging ? 'Updating' : 'InService',
    ...TIMES,
  };
}

const VARIANT = 'AllTraffic';

/** Everything local is as old as the process. Seconds since 1970. */
const TIMES = { CreationTime: Date.now() / 1000, LastModifiedTime: Date.now() / 1000 };

const arn = (type: string, name: string) => `arn:aws:sagemaker:${REGION}:${ACCOUNT}:${type}/${name}`;
