#!/usr/bin/env node
import { ask } from './commands/ask';
import { demo } from './commands/demo';
import { graph } from './commands/graph';
import { local } from './commands/local';
import { plan } from './commands/plan';
import { profile } from './commands/profile';
import { run } from './commands/run';
import { simulate } from './commands/simulate';
import { slo } from './commands/slo';
import { tuner } from './commands/tuner';
import { validate } from './commands/validate';
import { asksForHelp, type CommandName, commandUsage, usage } from './help';
import { UsageError } from './usage';

const COMMANDS: Readonly<Record<CommandName, (args: string[]) => Promise<void>>> = {
  ask,
  demo,
  graph,
  local,
  plan,
  profile,
  run,
  simulate,
  slo,
  tuner,
  validate,
};

async function main([name, ...args]: string[]): Promise<void> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(usage());
    return;
  }
  if (!isCommand(name)) throw new UsageError(`there is no command ${JSON.stringify(name)}\n\n${usage()}`);
  if (asksForHelp(args)) process.stdout.write(commandUsage(name));
  else await COMMANDS[name](args);
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name);
}

// Whoever reads the output may have enough of it, as `head` has.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`compound: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
