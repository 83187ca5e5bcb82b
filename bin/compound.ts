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
import { UsageError } from './usage';

const COMMANDS: Readonly<Record<string, (args: string[]) => Promise<void>>> = {
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

const USAGE = `Usage: compound <command>

  local [module...] [--port N] [--speed X] [--model component=url#model]
      Starts agents and everything they call on this machine; without a module, the examples.
  ask <agent> '<json>' [--stack-url URL] [--stream]
      Asks an agent and prints its output as JSON; starts a local stack if none runs. Text comes as it is written if
      standard output is a terminal, or with --stream.
  simulate [scenario] [--quick | --full] [--seeds N] [--out folder] [--json]
      Runs the same requests on static and on modular deployments, and writes a report.
  plan --graph module --workload file --profiles plan.json --objective p95=8s [--agent name] [--seeds N] [--out file.ts]
       [--skip-bad] [--json]
      Recommends instances, copies and targets for an agent, and tells what they will cost.
  slo <module> [--objective p95=8s] [--profiles plan.json] [--workload file] [--agent name] [--mermaid | --json]
      Splits the objective of an agent over its components, and tells what each share costs.
  validate [scenario] [--speed X] [--requests N] [--tolerance percent] [--json]
      Compares a live run on the local stack with its simulation: latency, and copies over time.
  demo cascade [--graph chain3 | chain4 | fanout5 | all] [--speed N] [--json]
      Asks agents whose models are all cold, with and without pre-warming, live on a local stack.
  run show <id> [--log-group name | --stack name | --stack-url URL] [--since 24h] [--svg file] [--json]
  run list [--log-group name | --stack name | --stack-url URL] [--since 24h] [--limit 20] [--json]
      Shows what happened in a run, over time, with its critical path; without a place, of the local stack.
  tuner explain --component name --table name [--since 24h] [--json]
      Tells what a tuner saw of a component, what it did and why, and what came of it.
  graph <module> [--mermaid | --json]
      Prints the graphs that a module exports.
  profile <log> [--out file.json] [--max-sequences N] [--max-step-tokens N] [--kv-cache-tokens N] [--skip-bad] [--json]
      Fits the speed of a model's copy to a request log, and shows the error on the half that it has not seen.
`;

async function main([name, ...args]: string[]): Promise<void> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(USAGE);
    return;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) throw new UsageError(`there is no command ${JSON.stringify(name)}\n\n${USAGE}`);
  await command(args);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`compound: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
