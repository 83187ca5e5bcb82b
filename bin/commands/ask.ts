import { startLocalStack } from '../../local';
import { runEvents } from '../asking/run-events';
import { ToldRun } from '../asking/told-run';
import { DEFAULT_PORT, DEFAULT_SPEED } from '../defaults';
import { exampleModules } from '../modules';
import { Progress } from '../progress';
import { formatWorld } from '../reports';
import { isStack, requireStackUrl } from '../stack-url';
import { loadSystems } from '../systems';
import { readArguments, UsageError } from '../usage';

const STATUS_INTERVAL_MS = 250;

/**
 * Asks an agent: its output goes to standard output as JSON, everything else to standard error. The text of an agent that
 * streams goes there as it comes, if that is a terminal or was asked for.
 */
export async function ask(args: string[]): Promise<void> {
  const { positionals, values } = readArguments({
    args,
    allowPositionals: true,
    options: { 'stack-url': { type: 'string' }, stream: { type: 'boolean' } },
  });
  const [agent, input] = positionals;
  if (!agent || input === undefined || positionals.length > 2) {
    throw new UsageError(`name an agent and its input: compound ask support '{"question":"..."}'`);
  }
  const body = requireJson(input);

  const progress = new Progress(process.stderr);
  const stack = await findStack(values['stack-url'], progress);
  const startMs = performance.now();
  const waiting = () => `asking ${agent} … ${Math.floor((performance.now() - startMs) / 1000)} s`;
  const watch = setInterval(() => progress.status(stack.status?.() ?? waiting()), STATUS_INTERVAL_MS);
  try {
    const isTold = (values.stream || process.stdout.isTTY) && (await isStreaming(stack.url, agent));
    if (isTold) await tellOf(stack.url, agent, body, progress, () => clearInterval(watch));
    else await askAt(stack.url, agent, body, progress);
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
  if (url !== undefined) return { url: requireStackUrl(url), close };
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

async function askAt(url: string, agent: string, body: string, progress: Progress): Promise<void> {
  const start = performance.now();
  const response = await request(url, `/agents/${encodeURIComponent(agent)}/runs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  const answer = await readAnswer(response, url);
  progress.status('');
  if (!response.ok || !isRunAnswer(answer)) throw refusal(answer, response, url);

  process.stdout.write(`${JSON.stringify(answer.output ?? null, null, 2)}\n`);
  const ms = Math.round(performance.now() - start);
  progress.line(`run ${answer.runId} took ${ms} ms; ${response.headers.get('server-timing') ?? 'no timings'}`);
}

/** @param onText called before the first text is written */
async function tellOf(url: string, agent: string, body: string, progress: Progress, onText: () => void): Promise<void> {
  const response = await request(url, `/agents/${encodeURIComponent(agent)}/runs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body,
  });
  const run = new ToldRun(process.stdout, progress);
  if (!response.ok || !response.body) throw refusal(await readAnswer(response, url), response, url);
  for await (const { event, data } of runEvents(response.body)) {
    if (event === 'heartbeat') run.heartbeat(data);
    if (event === 'error') throw refusal(data, response, url);
    if (event === 'text') {
      onText();
      progress.status('');
      run.text(data);
    }
    if (event === 'output') {
      onText();
      progress.status('');
      return run.output(data);
    }
  }
  throw new Error(`${url} broke off in the middle of the run`);
}

/** Whether an agent has text to read while it is written; one that cannot be described has none. */
async function isStreaming(url: string, agent: string): Promise<boolean> {
  const response = await request(url, `/agents/${encodeURIComponent(agent)}`);
  const { nodes } = (await response.json().catch(() => ({}))) as {
    readonly nodes?: readonly { readonly stream?: boolean }[];
  };
  return Array.isArray(nodes) && nodes.some(({ stream }) => stream);
}

async function request(url: string, path: string, init?: RequestInit): Promise<Response> {
  return fetch(url + path, init).catch((cause: Error) => {
    throw new Error(`${url} cannot be reached: ${reasonOf(cause)}`);
  });
}

function refusal(answer: unknown, { status }: Response, url: string): Error {
  if (isProblem(answer)) return new Error(describeProblem(answer));
  return new Error(`${url} answered HTTP ${status}, but not as a stack of agents does`);
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
