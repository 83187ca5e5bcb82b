import type { Duration } from 'aws-cdk-lib';
import { known, knownMs, type Report, show } from '../../private/checks';
import { checkShape } from '../../private/shape';
import type { CopyResources } from '../fleet-ref';
import type { InferenceComponentProps } from '../inference-component';
import type { RollingUpdate } from '../rolling-update';
import { checkBatches } from './batch-checks';
import { COMPONENT } from './shapes';

// https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InferenceComponentComputeResourceRequirements.html
const MIN_MEMORY_MIB = 128;
const MIN_CPU_CORES = 0.25;

/** Everything about a component that needs no look at its fleet. */
export function checkComponent(report: Report, options: InferenceComponentProps): void {
  if (!checkShape('component', '', options, COMPONENT, report)) return;
  options.model._check(report);
  checkResources(report, options.resources);
  const initial = known(options.initialCopies);
  if (initial !== undefined && !(Number.isInteger(initial) && initial >= 1)) {
    report(
      'component/initial-copies',
      'initialCopies',
      `must be a whole number of at least 1, because SageMaker creates no component without copies: autoScaleCopies({ min: 0 }) takes an idle one to zero, got: ${show(initial)}`,
    );
  }
  // https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InferenceComponentStartupParameters.html
  checkSeconds(report, 'component/download-timeout', 'modelDownloadTimeout', options.modelDownloadTimeout, 60, 3600);
  checkSeconds(report, 'component/health-check-timeout', 'healthCheckTimeout', options.healthCheckTimeout, 60, 3600);
  const imbalance = known(options.placement?.maxZoneImbalance);
  if (imbalance !== undefined && !(Number.isInteger(imbalance) && imbalance >= 0 && imbalance <= 100)) {
    report(
      'component/zone-imbalance',
      'placement.maxZoneImbalance',
      `must be a whole number from 0 to 100, got: ${show(imbalance)}`,
    );
  }
  if (options.rollingUpdate) checkRollingUpdate(report, options.rollingUpdate);
}

function checkResources(report: Report, resources: CopyResources): void {
  const { accelerators, cpuCores, memoryMiB } = resources;
  const [devices, cores, memory] = [known(accelerators), known(cpuCores), known(memoryMiB)];
  if (devices !== undefined && !(Number.isInteger(devices) && devices >= 1)) {
    report(
      'component/accelerators',
      'resources.accelerators',
      `must be a whole number of at least 1, or left out for a component that runs on CPUs, got: ${show(devices)}`,
    );
  }
  if (cores !== undefined && !(cores >= MIN_CPU_CORES)) {
    report('component/cpu-cores', 'resources.cpuCores', `must be at least ${MIN_CPU_CORES}, got: ${show(cores)}`);
  }
  if (memory !== undefined && !(Number.isInteger(memory) && memory >= MIN_MEMORY_MIB)) {
    report(
      'component/memory',
      'resources.memoryMiB',
      `must be a whole number of at least ${MIN_MEMORY_MIB}, got: ${show(memory)}`,
    );
  }
}

function checkRollingUpdate(report: Report, update: RollingUpdate): void {
  const { bakeTime, timeout } = update;
  checkBatches(report, update);
  checkSeconds(report, 'component/bake-time', 'rollingUpdate.bakeTime', bakeTime, 0, 3600);
  checkSeconds(report, 'component/update-timeout', 'rollingUpdate.timeout', timeout, 600, 28_800);
}

function checkSeconds(
  report: Report,
  id: string,
  field: string,
  duration: Duration | undefined,
  min: number,
  max: number,
): void {
  const ms = knownMs(duration);
  if (ms === undefined) return;
  const seconds = ms / 1000;
  if (!(Number.isInteger(seconds) && seconds >= min && seconds <= max)) {
    report(id, field, `must be whole seconds, from ${min} to ${max}, got: ${seconds}`);
  }
}
