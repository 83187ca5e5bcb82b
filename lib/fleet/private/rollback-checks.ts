import { DefaultTokenResolver, Reference, Stack, StringConcat, Tokenization } from 'aws-cdk-lib';
import { CfnAlarm, CfnCompositeAlarm, type IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { IConstruct } from 'constructs';
import type { Report } from '../../private/checks';
import type { RollingUpdate } from '../rolling-update';

// https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AutoRollbackConfig.html
const MAX_ALARMS = 10;

/** Checks the alarms that roll an update back. */
export function checkRollbackAlarms(
  report: Report,
  update: RollingUpdate | undefined,
  alarms: readonly IAlarm[],
): void {
  if (update === undefined) {
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
}

/** Checks that no alarm needs the component that it guards. At synthesis, when its actions are known. */
export function checkRollbackCycles(report: Report, component: IConstruct, alarms: readonly IAlarm[]): void {
  for (const alarm of alarms) {
    const needed = [...neededBy(alarm.node.defaultChild)];
    const own = needed.find((construct) => isWithin(component, construct));
    const neighbour = needed.find((construct) => isInNestedStackOf(component, alarm, construct));
    if (own === undefined && neighbour !== undefined) {
      report(
        'component/rollback-alarm-cycle',
        'rollBackOn',
        `has an alarm (${alarm.node.path}) that needs ${neighbour.node.path}, which is in the same nested stack as the component, but the ` +
          `alarm must exist before that stack: make the alarm in that stack (${Stack.of(component).node.path})`,
      );
    }
    if (own === undefined) continue;
    report(
      'component/rollback-alarm-cycle',
      'rollBackOn',
      `has an alarm (${alarm.node.path}) that needs ${own.node.path}, but must exist before the component: make it in the ` +
        "component's stack, on what component.metric() and the like give, and without actions on its scaling",
    );
  }
}

/** What an alarm refers to, and the alarms of which it is made, whose own references count. */
function* neededBy(alarm: IConstruct | undefined): Generator<IConstruct> {
  if (!(alarm instanceof CfnAlarm || alarm instanceof CfnCompositeAlarm)) return;
  const actions = [alarm.alarmActions, alarm.okActions, alarm.insufficientDataActions];
  const condition = alarm instanceof CfnAlarm ? [alarm.dimensions, alarm.metrics] : alarm.alarmRule;
  for (const construct of referencesIn(alarm, [actions, condition])) {
    if (construct instanceof CfnAlarm || construct instanceof CfnCompositeAlarm) yield* neededBy(construct);
    else yield construct;
  }
}

function referencesIn(scope: IConstruct, value: unknown): Set<IConstruct> {
  const resolver = new ReferenceCollector();
  Tokenization.resolve(value, { scope, resolver, preparing: true });
  return resolver.targets;
}

class ReferenceCollector extends DefaultTokenResolver {
  public readonly targets = new Set<IConstruct>();

  constructor() {
    super(new StringConcat());
  }

  public override resolveToken(...args: Parameters<DefaultTokenResolver['resolveToken']>): unknown {
    if (Reference.isReference(args[0])) this.targets.add(args[0].target);
    return super.resolveToken(...args);
  }
}

/** CloudFormation makes a nested stack as a whole, after whatever it refers to. */
function isInNestedStackOf(component: IConstruct, alarm: IConstruct, construct: IConstruct): boolean {
  const stack = Stack.of(component);
  return stack.nested && Stack.of(construct) === stack && Stack.of(alarm) !== stack;
}

function isWithin(component: IConstruct, construct: IConstruct): boolean {
  return construct.node.scopes.includes(component);
}
