import type { World } from '../world/world';
import { ACCOUNT, AwsError, headerOf, isRecord, jsonResponse, type Operation, REGION } from './http';
import { InvalidInputError, readJson, stringOf } from './read-json';
import { type SageMakerModel, sagemakerModels } from './sagemaker-models';

type Input = Readonly<Record<string, unknown>>;

const OPERATIONS: ReadonlyMap<string, (world: World, input: Input) => object> = new Map([
  ['DescribeEndpoint', describeEndpoint],
  ['DescribeInferenceComponent', describeInferenceComponent],
  ['ListInferenceComponents', listInferenceComponents],
  ['UpdateInferenceComponentRuntimeConfig', updateRuntimeConfig],
]);

/** The control operations of SageMaker, which share one path and are told apart by a header (AWS JSON 1.1). */
export const controlSageMaker: Operation = (world, request) => {
  const target = headerOf(request, 'x-amz-target') ?? '';
  const operation = OPERATIONS.get(target.replace(/^SageMaker\./, ''));
  if (!operation) throw exception(404, 'UnknownOperationException', `no such operation in the local stack: ${target}`);
  try {
    const input = readJson(request.body);
    if (!isRecord(input)) throw new InvalidInputError('the body must be a JSON object');
    return jsonResponse(operation(world, input), { 'content-type': 'application/x-amz-json-1.1' });
  } catch (error) {
    if (error instanceof InvalidInputError) throw exception(400, 'SerializationException', error.message);
    if (error instanceof RangeError) throw exception(400, 'ValidationException', error.message);
    throw error;
  }
};

function describeEndpoint(world: World, input: Input): object {
  const name = stringOf(input.EndpointName, 'EndpointName');
  if (!sagemakerModels(world).some(({ backend }) => backend.endpointName === name)) {
    throw exception(400, 'ValidationException', `Could not find endpoint "${arn('endpoint', name)}".`);
  }
  return {
    EndpointName: name,
    EndpointArn: arn('endpoint', name),
    EndpointStatus: 'InService',
    ProductionVariants: [{ VariantName: VARIANT }],
    ...TIMES,
  };
}

function describeInferenceComponent(world: World, input: Input): object {
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
function listInferenceComponents(world: World, input: Input): object {
  const matches = ({ InferenceComponentName, EndpointName, InferenceComponentStatus }: Summary) =>
    InferenceComponentName.includes(stringOf(input.NameContains ?? '', 'NameContains')) &&
    EndpointName === (input.EndpointNameEquals ?? EndpointName) &&
    InferenceComponentStatus === (input.StatusEquals ?? InferenceComponentStatus);
  return { InferenceComponents: componentsOf(world).map(summaryOf).filter(matches) };
}

function updateRuntimeConfig(world: World, input: Input): object {
  const { model, name } = findComponent(world, input);
  const config = input.DesiredRuntimeConfig;
  model.setDesiredCopies(requireNumber(isRecord(config) ? config.CopyCount : undefined));
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

function findComponent(world: World, input: Input): InferenceComponent {
  const name = stringOf(input.InferenceComponentName, 'InferenceComponentName');
  const component = componentsOf(world).find((candidate) => candidate.name === name);
  if (component) return component;
  throw exception(
    400,
    'ValidationException',
    `Could not find inference component "${arn('inference-component', name)}".`,
  );
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

const exception = (status: number, code: string, message: string) =>
  new AwsError(status, code, { __type: code, message });
