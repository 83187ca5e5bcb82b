import { TUNER_VARIABLE, type TunerDeployment } from '../../core/scale/tuner-deployment';
import { tunerDeploymentFaults } from '../../core/scale/tuner-deployment-faults';
import { TUNER_METRICS, TUNER_SERVICE } from '../../core/telemetry/metrics';
import { readConfig } from '../config/read-config';
import { metricFields } from '../telemetry/metric-fields';
import type { TunerServices } from './services';
import { type TickSummary, tick } from './tick';

/** The part of Lambda's context that counts here. */
export interface TunerContext {
  readonly awsRequestId: string;
  readonly getRemainingTimeInMillis: () => number;
}

export interface TunerOptions {
  /** @param table name of the table */
  readonly services: (table: string) => TunerServices;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Takes one line for each tick. */
  readonly log: (line: string) => void;
}

/** A tick that did not look says nothing of the components. */
function metricsOf(summary: TickSummary, nowMs: number): object {
  const values = valuesOf(summary);
  if (values === undefined) return {};
  const dimensions = { service: TUNER_SERVICE, function: process.env.AWS_LAMBDA_FUNCTION_NAME ?? 'local' };
  return metricFields(TUNER_METRICS, values, dimensions, nowMs);
}

function valuesOf({ status, done, refused, blind, frozen, flapping }: TickSummary) {
  switch (status) {
    case 'done':
      return {
        Changes: done,
        RefusedChanges: refused,
        BlindComponents: blind,
        FrozenComponents: frozen,
        FlappingComponents: flapping,
        SwitchedOff: 0,
      };
    case 'switched off':
      return { SwitchedOff: 1 };
    case 'off':
    case 'held by another':
      return undefined;
  }
}

const KIND = { variable: TUNER_VARIABLE, what: 'what to tune', faults: tunerDeploymentFaults };

/** Lambda ends a function that takes too long at once, but its clock is not ours. */
const LEASE_SLACK_MS = 10_000;

/**
 * The function that a schedule calls, whatever the event.
 *
 * @throws ConfigError, and what the services throw that keeps a whole tick from its work
 */
export function tuner({ services, environment, log }: TunerOptions) {
  let made: { readonly table: string; readonly services: TunerServices } | undefined;
  return async (_event: unknown, context: TunerContext): Promise<TickSummary> => {
    const deployment = await readConfig<TunerDeployment>(KIND, environment[TUNER_VARIABLE]);
    if (made?.table !== deployment.table) made = { table: deployment.table, services: services(deployment.table) };
    const leaseMs = context.getRemainingTimeInMillis() + LEASE_SLACK_MS;
    const summary = await tick(made.services, deployment, context.awsRequestId, leaseMs);
    log(
      JSON.stringify({
        message: 'tick',
        mode: deployment.mode,
        ...summary,
        ...metricsOf(summary, made.services.now()),
      }),
    );
    return summary;
  };
}
