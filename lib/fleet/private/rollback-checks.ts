import { Alarm, type IAlarm, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Report } from '../../private/checks';

// https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AutoRollbackConfig.html
const MAX_ALARMS = 10;

interface RollbackAlarms {
  readonly alarms: readonly IAlarm[];
  /** Whether there is an update to roll back. */
  readonly rolls: boolean;
  /** The component's name, if it is known only once the component exists. */
  readonly generatedName: string | undefined;
}

/** Checks the alarms that roll an update back. */
export function checkRollbackAlarms(report: Report, { alarms, rolls, generatedName }: RollbackAlarms): void {
  if (!rolls) {
    report(
      'component/rollback-without-update',
      'rollBackOn',
      'needs the rollingUpdate that it rolls back: give the component one',
    );
  }
  if (alarms.length > MAX_ALARMS) {
    report(
      'component/rollback-alarms',
      'rollBackOn',
      `must have at most ${MAX_ALARMS} alarms: join some in a composite alarm, got: ${alarms.length}`,
    );
  }
  if (generatedName === undefined) return;
  for (const alarm of alarms) {
    if (alarm instanceof Alarm && isOn(alarm.metric, generatedName)) {
      report(
        'component/rollback-alarm-cycle',
        'rollBackOn',
        `has an alarm on the component's own metrics (${alarm.node.path}), which must exist before the component: give the component an inferenceComponentName`,
      );
    }
  }
}

function isOn(metric: IMetric, dimensionValue: string): boolean {
  const { metricStat, mathExpression } = metric.toMetricConfig();
  return (
    (metricStat?.dimensions ?? []).some(({ value }) => value === dimensionValue) ||
    Object.values(mathExpression?.usingMetrics ?? {}).some((used) => isOn(used, dimensionValue))
  );
}
