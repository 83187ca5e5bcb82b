import { type CascadePair, figuresOf, formatCascade, formatMethod } from '../demo/cascade-report';
import { runCascade } from '../demo/cascade-run';
import { CASCADES } from '../demo/cascades';
import { Progress } from '../progress';
import { readArguments, readNumber, UsageError } from '../usage';

/** Three graphs take less than a minute so, and what a call takes of its own is little beside a cold start. */
const DEFAULT_SPEED = '72';

/** Slower, the local gateway gives up a run without pre-warming; faster, the machine's own time outweighs cold starts. */
const SLOWEST = 40;
const FASTEST = 1000;

/** So fast that it is over at once: code is compiled and modules are loaded before anything is measured. */
const WARM_UP_SPEED = 1000;

/** As shells have it: 128 and the number of SIGINT. */
const INTERRUPTED = 130;

/** Shows live what pre-warming is good for. */
export async function demo(args: string[]): Promise<void> {
  const { positionals, values } = readArguments({
    args,
    allowPositionals: true,
    options: {
      graph: { type: 'string', default: 'all' },
      speed: { type: 'string', default: DEFAULT_SPEED },
      json: { type: 'boolean', default: false },
    },
  });
  const [name, ...more] = positionals;
  if (name !== 'cascade' || more.length > 0) {
    throw new UsageError(
      `there is a demo named cascade: compound demo cascade, got: ${positionals.join(' ') || 'none'}`,
    );
  }
  const speed = readNumber(
    '--speed',
    values.speed,
    (n) => n >= SLOWEST && n <= FASTEST,
    `a number from ${SLOWEST} to ${FASTEST}`,
  );
  const graphs = graphsOf(values.graph);
  const progress = new Progress(process.stderr);
  process.once('SIGINT', () => {
    progress.status('');
    process.exit(INTERRUPTED);
  });

  progress.status('getting ready');
  await runCascade(CASCADES[graphs[0]!]!, { speed: WARM_UP_SPEED, isWarmed: true });
  const pairs: CascadePair[] = [];
  for (const graph of graphs) {
    const run = (isWarmed: boolean) => {
      const what = `${graph} ${isWarmed ? 'with' : 'without'} pre-warming`;
      const onLook = (seconds: number) => progress.status(`${what}: ${Math.round(seconds)} s of the world`);
      return runCascade(CASCADES[graph]!, { speed, isWarmed, onLook });
    };
    const pair = { graph, without: await run(false), warmed: await run(true) };
    pairs.push(pair);
    progress.status('');
    if (!values.json) process.stdout.write(`${formatCascade(pair)}\n`);
  }
  const figures = pairs.map(figuresOf);
  process.stdout.write(
    values.json ? `${JSON.stringify(figures.length === 1 ? figures[0] : figures, null, 2)}\n` : formatMethod(speed),
  );
}

function graphsOf(name: string): readonly string[] {
  if (name === 'all') return Object.keys(CASCADES);
  if (Object.hasOwn(CASCADES, name)) return [name];
  throw new UsageError(`--graph must be one of ${[...Object.keys(CASCADES), 'all'].join(', ')}, got: ${name}`);
}
