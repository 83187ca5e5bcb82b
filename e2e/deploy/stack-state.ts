import type { Emulator } from './emulator';

const STACK = { StackName: 'E2e' };

/** As in `UPDATE_ROLLBACK_COMPLETE`. */
export async function stackStatus(emulator: Emulator): Promise<string> {
  const [{ Stacks }] = await emulator.calls([
    { service: 'cloudformation', operation: 'describe_stacks', parameters: STACK },
  ]);
  return Stacks[0].StackStatus;
}

/** Why resources failed, as the events of the stack tell it. */
export async function stackFailures(emulator: Emulator): Promise<string> {
  const [{ StackEvents }] = await emulator.calls([
    { service: 'cloudformation', operation: 'describe_stack_events', parameters: STACK },
  ]);
  return StackEvents.filter(({ ResourceStatus }: any) => ResourceStatus.endsWith('_FAILED'))
    .map(({ ResourceStatusReason }: any) => ResourceStatusReason)
    .join('\n');
}
