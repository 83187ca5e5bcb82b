import type { Emulator } from './emulator';

/** As in `UPDATE_ROLLBACK_COMPLETE`. */
export async function stackStatus(emulator: Emulator, StackName = 'E2e'): Promise<string> {
  const [{ Stacks }] = await emulator.calls([
    { service: 'cloudformation', operation: 'describe_stacks', parameters: { StackName } },
  ]);
  return Stacks[0].StackStatus;
}

/** Why resources failed, as the events of the stack tell it. */
export async function stackFailures(emulator: Emulator, StackName = 'E2e'): Promise<string> {
  const [{ StackEvents }] = await emulator.calls([
    { service: 'cloudformation', operation: 'describe_stack_events', parameters: { StackName } },
  ]);
  return StackEvents.filter(({ ResourceStatus }: any) => ResourceStatus.endsWith('_FAILED'))
    .map(({ ResourceStatusReason }: any) => ResourceStatusReason)
    .join('\n');
}

/** How the gateway passes on answers, of each method whose template says it. */
export async function transferModes(emulator: Emulator, StackName = 'E2e'): Promise<readonly string[]> {
  const [{ TemplateBody }] = await emulator.calls([
    { service: 'cloudformation', operation: 'get_template', parameters: { StackName } },
  ]);
  const { Resources } = typeof TemplateBody === 'string' ? JSON.parse(TemplateBody) : TemplateBody;
  return Object.values<any>(Resources).flatMap(({ Type, Properties }) =>
    Type === 'AWS::ApiGateway::Method' && Properties.Integration.ResponseTransferMode
      ? [Properties.Integration.ResponseTransferMode]
      : [],
  );
}
