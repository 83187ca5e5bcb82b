import { type IResource, Lazy, Stack } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { unitsPricePerHourUsd } from '../../../core/serving/custom-model-units';
import { INSTANCE_STAYS_MS, type SageMakerBackend, type WarmedBackend } from '../../../core/warm';
import { LambdaTool } from '../../bindings/lambda-tool';
import { regionElsewhere } from '../../bindings/private/region';
import { Spillover } from '../../bindings/spillover';
import type { IComponent } from '../../component';
import { AdapterComponent } from '../../fleet/adapter-component';
import type { IInferenceFleet } from '../../fleet/fleet-ref';
import { InferenceComponent } from '../../fleet/inference-component';
import { copyPricePerHourUsd } from '../../fleet/private/copy-price';
import { ImportedModelBase } from '../../models/imported-model-base';
import { known, type Report } from '../../private/checks';
import type { PrewarmedComponent } from '../prewarming-props';

/** Something that a warmer keeps warm. */
export interface WarmedComponent {
  /** Tells it from others; the same for all agents that share it, and from deployment to deployment. */
  readonly key: string;
  /** The construct behind it. */
  readonly source: IResource;
  /** May hold tokens. */
  readonly backend: WarmedBackend;
  /** Whose copies are changed, and the Region of its scaling; undefined if calls are all that it is warmed by. */
  readonly scaling?: { readonly inferenceComponentArn: string; readonly region: string };
  /** Permits a warmer to call it, if it does. */
  grantCalls(warmer: LambdaFunction): void;
}

type Options = Omit<PrewarmedComponent, 'component'>;

/** Copies of imported models are billed in windows of five minutes (https://aws.amazon.com/bedrock/pricing/). */
const WINDOWS_PER_HOUR = 12;

/** A dozen calls of some seconds (https://aws.amazon.com/lambda/pricing/). */
const FUNCTION_PRICE_PER_HOUR_USD = 0.001;

/**
 * Of several backends the one that is asked first: if that is ready, calls need no other, and while it starts they have one.
 * Of anything else the component itself.
 */
export function askedFirst(component: IComponent): IComponent {
  return component instanceof Spillover ? component.alternatives[0]! : component;
}

/**
 * What is warmed of a component that an agent is bound to.
 *
 * @param field of faults
 * @returns undefined if there is nothing to warm, because it is always ready or nobody knows how
 */
export function warmedComponent(
  scope: Construct,
  component: IComponent,
  options: Options,
  field: string,
  report: Report,
): WarmedComponent | undefined {
  if (options.excluded) return undefined;
  const first = askedFirst(component);
  if (first !== component) return warmedComponent(scope, first, options, field, report);
  // An adapter is served by the copies of its base.
  if (component instanceof AdapterComponent) return warmedComponent(scope, component.base, options, field, report);
  if (component instanceof InferenceComponent) return onFleet(scope, component, options, field, report);
  if (component instanceof ImportedModelBase) return imported(scope, component, options, field, report);
  if (component instanceof LambdaTool) return tool(scope, component, options);
  return undefined;
}

function onFleet(
  scope: Construct,
  component: InferenceComponent,
  options: Options,
  field: string,
  report: Report,
): WarmedComponent | undefined {
  const { copyScaling, fleet, resources } = component;
  // Whatever is fixed is always there.
  if (copyScaling === undefined) return undefined;
  const ownUsd = options.pricePerCopyHour ?? known(component.price?.perCopyHourUsd);
  const priceUsd = ownUsd ?? copyPricePerHourUsd(fleet.instanceTypes, resources);
  if (priceUsd === undefined) {
    const types = fleet.instanceTypes.map(({ name }) => name).join(', ') || 'instances of unknown types';
    const message = `is on ${types}, whose price or size is not known: say in components what a copy costs, as in { component, pricePerCopyHour: 1.5 }`;
    report('prewarming/unknown-price', field, message);
    return undefined;
  }
  const region = regionElsewhere(scope, component.env.region);
  const { firstCall } = options;
  component.showPublishedCopies();
  return {
    key: keyOf('sagemaker', component),
    source: component,
    backend: {
      type: 'sagemaker',
      inferenceComponentName: component.inferenceComponentName,
      endpointName: component.endpointName,
      // Schedules may be added later.
      minCopies: Lazy.number({ produce: () => component.minCopies }),
      maxCopies: Lazy.number({ produce: () => component.maxCopies }),
      pricePerHourUsd: priceUsd,
      ...concurrencyOf(copyScaling.targetConcurrency),
      ...startsOn(fleet),
      ...(firstCall && { firstCall }),
      ...region,
    },
    scaling: {
      inferenceComponentArn: component.inferenceComponentArn,
      region: region.region ?? Stack.of(scope).region,
    },
    grantCalls: (warmer) => {
      if (firstCall) component.grants.invoke(warmer);
    },
  };
}

function concurrencyOf(targetConcurrency: number): Pick<SageMakerBackend, 'concurrencyPerCopy'> {
  return known(targetConcurrency) === undefined ? {} : { concurrencyPerCopy: targetConcurrency };
}

/** A fleet that has instances without copies starts one there; of another nobody knows, which is taken for the worst. */
function startsOn({ minInstances }: IInferenceFleet): Pick<SageMakerBackend, 'startPath' | 'restart'> {
  const mayHaveNone = (known(minInstances) ?? 0) === 0;
  return {
    startPath: mayHaveNone ? 'new-instance' : 'uncached-instance',
    restart: { path: 'cached-instance', withinMs: INSTANCE_STAYS_MS },
  };
}

function imported(
  scope: Construct,
  model: ImportedModelBase,
  { pricePerCopyHour, customModelUnits = known(model.customModelUnits), firstCall }: Options,
  field: string,
  report: Report,
): WarmedComponent | undefined {
  const ofUnits = customModelUnits === undefined ? undefined : unitsPricePerHourUsd(customModelUnits);
  const priceUsd = pricePerCopyHour ?? ofUnits;
  if (priceUsd === undefined) {
    const message =
      'is an imported model, of which only Bedrock knows what a copy costs: say in components how many units it has, ' +
      'as in { component, customModelUnits: 2 }, or leave it alone with { component, excluded: true }';
    report('prewarming/unknown-price', field, message);
    return undefined;
  }
  return {
    key: keyOf('bedrock', model),
    source: model,
    backend: {
      type: 'bedrock',
      modelId: model.modelArn,
      pricePerHourUsd: priceUsd,
      minimumBillUsd: priceUsd / WINDOWS_PER_HOUR,
      ...(firstCall && { firstCall }),
      ...regionElsewhere(scope, model.env.region),
    },
    grantCalls: (warmer) => void model.grants.invoke(warmer),
  };
}

function tool(scope: Construct, { function: fn, grants }: LambdaTool, options: Options): WarmedComponent | undefined {
  const { firstCall, pricePerCopyHour } = options;
  if (!firstCall) return undefined;
  return {
    key: keyOf('lambda', fn),
    source: fn,
    backend: {
      type: 'lambda',
      functionName: fn.functionArn,
      firstCall,
      pricePerHourUsd: pricePerCopyHour ?? FUNCTION_PRICE_PER_HOUR_USD,
      ...regionElsewhere(scope, fn.env.region),
    },
    grantCalls: (warmer) => void grants.invoke(warmer),
  };
}

/** Names that are known only at deployment cannot be keys; paths can, and they outlive what is replaced. */
function keyOf(type: WarmedBackend['type'], { node }: IResource): string {
  return `${type}/${node.path}`;
}
