interface CommandHelp {
  /** Each way to write it, from the name of the command on. */
  readonly forms: readonly string[];
  readonly does: string;
}

const COMMANDS = {
  local: {
    forms: ['local [module...] [--port N] [--speed X] [--model component=url#model]'],
    does: 'Starts agents and everything they call on this machine; without a module, the examples.',
  },
  ask: {
    forms: ["ask <agent> '<json>' [--stack-url URL] [--stream]"],
    does: `Asks an agent and prints its output as JSON; starts a local stack if none runs. Text comes as it is written if
standard output is a terminal, or with --stream.`,
  },
  simulate: {
    forms: ['simulate [scenario] [--quick | --full] [--seeds N] [--out folder] [--json]'],
    does: 'Runs the same requests on static and on modular deployments, and writes a report.',
  },
  plan: {
    forms: [
      `plan --graph module --workload file --profiles plan.json --objective p95=8s [--rate X] [--model name] [--agent name]
     [--seeds N] [--out file.ts] [--skip-bad] [--json]`,
    ],
    does: 'Recommends instances, copies and targets for an agent, and tells what they will cost.',
  },
  slo: {
    forms: [
      `slo <module> [--objective p95=8s] [--profiles plan.json] [--workload file] [--rate X] [--model name]
     [--agent name] [--skip-bad] [--mermaid | --json]`,
    ],
    does: 'Splits the objective of an agent over its components, and tells what each share costs.',
  },
  validate: {
    forms: ['validate [scenario] [--speed X] [--requests N] [--tolerance percent] [--json]'],
    does: 'Compares a live run on the local stack with its simulation: latency, and copies over time.',
  },
  demo: {
    forms: ['demo cascade [--graph chain3 | chain4 | fanout5 | all] [--speed N] [--json]'],
    does: 'Asks agents whose models are all cold, with and without pre-warming, live on a local stack.',
  },
  run: {
    forms: [
      'run show <id> [--log-group name | --stack name | --stack-url URL] [--since 24h] [--svg file] [--json]',
      'run list [--log-group name | --stack name | --stack-url URL] [--since 24h] [--limit 20] [--json]',
    ],
    does: `Shows what happened in a run, over time, with its critical path. Without a place: of the log group that
COMPOUND_LOG_GROUP names, else of the local stack.`,
  },
  tuner: {
    forms: [
      'tuner explain --component name --table name [--since 24h] [--json]',
      'tuner off --table name [--reason text]',
      'tuner on --table name [--reason text]',
    ],
    does: `Tells what a tuner saw of a component, what it did and why, and what came of it; or switches the tuner off, whatever is
deployed, until it is switched on again. COMPOUND_TUNER_TABLE may name the table instead.`,
  },
  graph: {
    forms: ['graph <module> [--mermaid | --json]'],
    does: 'Prints the graphs that a module exports.',
  },
  profile: {
    forms: [
      'profile <log> [--out file.json] [--max-sequences N] [--max-step-tokens N] [--kv-cache-tokens N] [--skip-bad] [--json]',
    ],
    does: "Fits the speed of a model's copy to a request log, and shows the error on the half that it has not seen.",
  },
} as const satisfies Readonly<Record<string, CommandHelp>>;

export type CommandName = keyof typeof COMMANDS;

/** How all commands are used. */
export function usage(): string {
  const parts = Object.values(COMMANDS).map((help) => describe(help, ''));
  return `Usage: compound <command>\n\n${parts.join('')}\ncompound <command> --help tells of one.\n`;
}

/** How one command is used. */
export function commandUsage(name: CommandName): string {
  return `Usage:\n\n${describe(COMMANDS[name], 'compound ')}`;
}

/** Whether the arguments of a command ask how it is used; what comes after `--` is no option. */
export function asksForHelp(args: readonly string[]): boolean {
  const options = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  return options.includes('--help') || options.includes('-h');
}

function describe({ forms, does }: CommandHelp, before: string): string {
  return `${indented(forms.map((form) => `${before}${form}`).join('\n'), 2)}\n${indented(does, 6)}\n`;
}

function indented(text: string, columns: number): string {
  return text.replaceAll(/^/gm, ' '.repeat(columns));
}
