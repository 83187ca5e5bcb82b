import { known, knownMs, type Report, show } from '../../private/checks';
import type { ContainerMetrics } from '../inference-model';

// https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InferenceComponentContainerSpecification.html
const MAX_VARIABLES = 16;
const MAX_VARIABLE_CHARACTERS = 1024;
const VARIABLE_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

// https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_MetricsEndpoint.html
const METRICS_PATH = /^\/(?!.*\.\.)[a-zA-Z0-9/_.-]+$/;
const MAX_METRICS_PATH_CHARACTERS = 256;
const METRICS_INTERVALS_SECONDS = [10, 30, 60, 120, 180, 240, 300];

/** Checks the environment variables of a container. */
export function checkEnvironment(report: Report, field: string, environment: { readonly [name: string]: string }) {
  const variables = Object.entries(environment);
  if (variables.length > MAX_VARIABLES) {
    report(
      'component/environment-size',
      field,
      `must have at most ${MAX_VARIABLES} variables: put the rest into a file of the artifact, got: ${variables.length}`,
    );
  }
  for (const [name, value] of variables) {
    if (!VARIABLE_NAME.test(name)) {
      report(
        'component/environment-name',
        field,
        `names must be letters, digits and underscores, and must not start with a digit, got: ${show(name)}`,
      );
    }
    const characters = Math.max(name.length, known(value)?.length ?? 0);
    if (characters > MAX_VARIABLE_CHARACTERS) {
      report(
        'component/environment-length',
        `${field}.${name.slice(0, 40)}`,
        `must have at most ${MAX_VARIABLE_CHARACTERS} characters, got: ${characters}`,
      );
    }
  }
}

/** Checks where a container shows its metrics. */
export function checkContainerMetrics(report: Report, field: string, { path, interval }: ContainerMetrics): void {
  const knownPath = known(path);
  if (knownPath !== undefined && !(METRICS_PATH.test(knownPath) && knownPath.length <= MAX_METRICS_PATH_CHARACTERS)) {
    report(
      'component/metrics-path',
      `${field}.path`,
      `must be an absolute path of at most ${MAX_METRICS_PATH_CHARACTERS} characters, such as "/metrics", got: ${show(path)}`,
    );
  }
  const ms = knownMs(interval);
  if (ms !== undefined && !METRICS_INTERVALS_SECONDS.includes(ms / 1000)) {
    report(
      'component/metrics-interval',
      `${field}.interval`,
      `must be one of ${METRICS_INTERVALS_SECONDS.join(', ')} seconds, got: ${ms / 1000} seconds`,
    );
  }
}
