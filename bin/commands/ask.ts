import { startLocalStack } from '../../local';
import { DEFAULT_PORT, DEFAULT_SPEED } from '../defaults';
import { exampleModules } from '../modules';
import { Progress } from '../progress';
import { formatWorld } from '../reports';
import { loadSystems } from '../systems';
import { isHttpUrl, readArguments, UsageError } from '../usage';

const STATUS_INTERVAL_MS = 250;

/** Asks an agent: its output goes to standard output as JSON, everything else to standard error. */
export async function ask(args: string[]): Promise<void> {
  const { positionals, values } = readArguments({
    args,
    allowPositionals: true,
    options: { 'stack-url': { type: 'string' } },
  });
  const [agent, input] = positionals;
  if (agent === undefined || input === undefined || positionals.length > 2) {
    throw new UsageError(`name an agent and its input: compound ask support '{"question":"..."}'`);
  }
  const body = requireJson(input);

  const progress = new Progress(process.stderr);
  const stack = await findStack(values['stack-url'], progress);
  const startMs = performance.now();
  const waiting = () => `asking ${agent} … ${Math.floor((performance.now() - startMs) / 1000)} s`;
  const watch = setInterval(() => progress.status(stack.status?.() ?? waiting()), STATUS_INTERVAL_MS);
  try {
    await askAt(stack.url, agent, body, progress);
  } finally {
    clearInterval(watch);
    progress.status('');
    await stack.close();
  }
}

function requireJson(input: string): string {
  try {
    return JSON.stringify(JSON.parse(input));
  } catch (error) {
    throw new UsageError(`the input is not valid JSON: ${(error as Error).message}`);
  }
}

interface Stack {
  readonly url: string;
  /** What it is at, in one line; another process does not tell. */
  status?(): string;
  close(): Promise<void>;
}

/** The stack that was asked for, else the one that runs on this machine, else a new one for this question. */
async function findStack(url: string | undefined, progress: Progress): Promise<Stack> {
  const close = async () => {};
  if (url !== undefined) return { url: requireUrl(url), close };
  const running = `http://127.0.0.1:${DEFAULT_PORT}`;
  if (await isStack(running)) return { url: running, close };

  if (exampleModules().length === 0) {
    throw new UsageError(
      `no local stack runs at ${running}: start one with compound local <module>, or name one with --stack-url`,
    );
  }
  progress.line(`No local stack runs at ${running}: starting one for this question.`);
  const speed = Number(DEFAULT_SPEED);
  const stack = await startLocalStack({ systems: loadSystems([]), speed, onRunEnd: () => {} });
  return { url: stack.url, status: () => formatWorld(stack.world.snapshot(), speed), close: () => stack.close() };
}

function requireUrl(url: string): string {
  if (!isHttpUrl(url)) throw new UsageError(`--stack-url must be the http URL of a stack, got: ${url}`);
  return url.replace(/\/+$/, '');
}

async function isStack(url: string): Promise<boolean> {
  try {
    const { ok } = await fetch(`${url}/agents`, { signal: AbortSignal.timeout(1_000) });
    return ok;
  } catch {
    return false;
  }
}

async function askAt(url: string, agent: string, body: string, progress: Progress): Promise<void> {
  const start = performance.now();
  const response = await fetch(`${url}/agents/${encodeURIComponent(agent)}/runs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  }).catch((cause: Error) => {
    throw new Error(`${url} cannot be reached: ${reasonOf(cause)}`);
  });
  const answer = await readAnswer(response, url);
  progress.status('');
  if (isProblem(answer)) throw new Error(describeProblem(answer));
  if (!response.ok || !isRunAnswer(answer)) {
    throw new Error(`${url} answered HTTP ${response.status}, but not as a stack of agents does`);
  }

  process.stdout.write(`${JSON.stringify(answer.output ?? null, null, 2)}\n`);
  const ms = Math.round(performance.now() - start);
  progress.line(`run ${answer.runId} took ${ms} ms; ${response.headers.get('server-timing') ?? 'no timings'}`);
}

interface RunAnswer {
  readonly runId: string;
  readonly output?: unknown;
}

interface Problem {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly errors?: readonly { readonly field: string; readonly detail: string }[];
}

const isRunAnswer = (answer: unknown): answer is RunAnswer =>
  typeof (answer as RunAnswer | null | undefined)?.runId === 'string';

const isProblem = (answer: unknown): answer is Problem =>
  typeof (answer as Problem | null | undefined)?.title === 'string' &&
  typeof (answer as Problem | null | undefined)?.detail === 'string';

async function readAnswer(response: Response, url: string): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    throw new Error(`${url} answered HTTP ${response.status} and no JSON: is it a stack of agents?`);
  }
}

function describeProblem({ status, title, detail, errors = [] }: Problem): string {
  const fields = errors.map((error) => `\n  ${error.field || 'input'}: ${error.detail}`);
  return `${status} ${title}: ${detail}${fields.join('')}`;
}

/** `fetch` keeps the reason in its cause. */
function reasonOf(error: Error): string {
  return (error.cause as { readonly message?: string } | undefined)?.message || error.message;
}
