import type { RunReport } from '../../lambda/orchestrator';
import type { LocalStack, LocalSystem, ModelOverrides } from '../../local';
import { startLocalStack } from '../../local';
import { unboundComponents } from '../../local/system';
import { awsExample } from '../aws-example';
import { DEFAULT_PORT, DEFAULT_SPEED } from '../defaults';
import { Progress } from '../progress';
import { formatRun, formatWorld } from '../reports';
import { shellQuoted } from '../shell-quoted';
import { loadSystems } from '../systems';
import { isHttpUrl, readArguments, readNumber, UsageError } from '../usage';

const STATUS_INTERVAL_MS = 250;

/** Runs a local stack until it is interrupted. */
export async function local(args: string[]): Promise<void> {
  const { positionals, values } = readArguments({
    args,
    allowPositionals: true,
    options: { port: { type: 'string' }, speed: { type: 'string' }, model: { type: 'string', multiple: true } },
  });
  const port = readNumber('--port', values.port ?? DEFAULT_PORT, isPort, 'a whole number from 0 to 65535');
  const speed = readNumber('--speed', values.speed ?? DEFAULT_SPEED, isSpeed, 'a positive number');
  const systems = loadSystems(positionals);
  const models = readModels(values.model ?? [], systems);

  const progress = new Progress(process.stdout);
  const onRunEnd = (run: RunReport) => progress.line(formatRun(run));
  const stack = await startLocalStack({ systems, port, speed, models, onRunEnd }).catch(explainPort(port));
  progress.line(welcome(stack, systems, speed));
  const watch = setInterval(() => progress.status(formatWorld(stack.world.snapshot(), speed)), STATUS_INTERVAL_MS);

  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  clearInterval(watch);
  progress.status('');
  await stack.close();
}

/** The one failure that a newcomer meets. */
function explainPort(port: number) {
  return (error: NodeJS.ErrnoException): never => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new Error(`port ${port} is in use: stop what listens there, or choose another with --port`);
  };
}

const isPort = (n: number) => Number.isInteger(n) && n >= 0 && n <= 65_535;
const isSpeed = (n: number) => n > 0 && n < Infinity;

/** As in `writer=http://127.0.0.1:11434/v1#llama3.2`: a component, a server and a model on it. */
function readModels(options: readonly string[], systems: readonly LocalSystem[]): ModelOverrides {
  const known = new Set(systems.flatMap(({ components }) => Object.keys(components)));
  return Object.fromEntries(
    options.map((option) => {
      const [, component, url, model] = /^([^=]+)=(https?:\/\/[^#]+)(?:#(.+))?$/.exec(option) ?? [];
      if (component === undefined || url === undefined || !isHttpUrl(url)) {
        throw new UsageError(`--model must look like writer=http://127.0.0.1:11434/v1#name, got: ${option}`);
      }
      if (!known.has(component)) {
        throw new UsageError(
          `--model: no component is named ${component}; the components are: ${[...known].join(', ')}`,
        );
      }
      return [component, { url, ...(model !== undefined && { model }) }];
    }),
  );
}

function welcome({ url }: LocalStack, systems: readonly LocalSystem[], speed: number): string {
  const unbound = systems.flatMap((system) =>
    unboundComponents(system).map(
      (name) => `  warning: nothing stands in for ${name} of ${system.graph.name}; its runs will fail`,
    ),
  );
  const awsCommands = awsExample(url, systems);
  return [
    `Local stack at ${url}, ${speed} times as fast as real. Models start at zero copies: the first answer waits for them.`,
    ...systems.map(({ graph: { name, definition } }) => `  ${name}  ${definition.description ?? ''}`),
    ...unbound,
    '',
    'Ask an agent:',
    '',
    ...systems.flatMap((system) => [`  ${curlFor(url, system)}`, '']),
    ...(awsCommands === undefined
      ? [`The AWS CLI works against it too: --endpoint-url ${url}.`]
      : [
          'Ask a model itself, with the AWS CLI; one without a copy refuses the call, which starts one: repeat it until it answers:',
          '',
          ...awsCommands.map((command) => `  ${command}`),
        ]),
    '',
    'Stop with Ctrl+C.',
  ].join('\n');
}

function curlFor(url: string, system: LocalSystem): string {
  const example = shellQuoted(JSON.stringify(system.example));
  return `curl -s ${url}/agents/${system.graph.name}/runs -H 'content-type: application/json' -d ${example}`;
}
