import { writeFileSync } from 'node:fs';
import type { Emulator } from './emulator';

/** Writes what the functions have logged into a file: it goes when the emulator does. */
export async function saveFunctionLogs(emulator: Emulator, file: string): Promise<void> {
  const [{ logGroups }] = await emulator.calls([{ service: 'logs', operation: 'describe_log_groups', parameters: {} }]);
  const names: string[] = logGroups.map(({ logGroupName }: { readonly logGroupName: string }) => logGroupName);
  const answers = await emulator.calls(
    names.map((logGroupName) => ({ service: 'logs', operation: 'filter_log_events', parameters: { logGroupName } })),
  );
  const groups = answers.map(
    ({ events }: { readonly events: readonly { readonly message: string }[] }, i) =>
      `### ${names[i]}\n${events.map(({ message }) => message.trimEnd()).join('\n')}\n`,
  );
  writeFileSync(file, groups.join('\n'));
}
