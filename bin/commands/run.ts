import { ganttSvg } from '../../core/report/gantt-svg';
import { DEFAULT_PORT } from '../defaults';
import { RunLog, type RunLogPlace } from '../runs/run-log';
import type { RunSummary } from '../runs/run-summary';
import { runList, runText } from '../runs/run-text';
import { isStack, requireStackUrl } from '../stack-url';
import { readArguments, readCount, readDurationMs, UsageError } from '../usage';
import { writeOutput } from '../write-output';

const EXAMPLE = 'compound run show <id> --log-group <log group of the agent>';

const GROUP_VARIABLE = 'COMPOUND_LOG_GROUP';

/** Shows runs by their records, which agents log. */
export async function run([action, ...args]: string[]): Promise<void> {
  const { positionals, values } = readArguments({
    args,
    allowPositionals: true,
    options: {
      'log-group': { type: 'string' },
      stack: { type: 'string' },
      'stack-url': { type: 'string' },
      since: { type: 'string', default: '24h' },
      limit: { type: 'string', default: '20' },
      svg: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const isShown = action === 'show' && positionals.length === 1;
  const isListed = action === 'list' && positionals.length === 0;
  if (!isShown && !isListed)
    throw new UsageError(`say which run to show, or list them with compound run list: ${EXAMPLE}`);
  const limit = readCount('--limit', values.limit);
  const nowMs = Date.now();
  const sinceMs = nowMs - readDurationMs('--since', values.since);

  const log = new RunLog(await placeOf(values), (sentence) => process.stderr.write(`compound: ${sentence}\n`));
  try {
    if (isShown) await show(log, positionals[0]!, sinceMs, values);
    else list(await log.list(sinceMs, nowMs, limit), values);
  } finally {
    log.close();
  }
}

interface Values {
  readonly 'log-group'?: string;
  readonly stack?: string;
  readonly 'stack-url'?: string;
  readonly since: string;
  readonly svg?: string;
  readonly json: boolean;
}

/** What was asked for, else the local stack that runs on this machine. */
async function placeOf({ 'log-group': group, stack, 'stack-url': url }: Values): Promise<RunLogPlace> {
  const named = [group, stack, url].filter((place) => place !== undefined);
  if (named.length > 1) throw new UsageError('choose one of --log-group, --stack and --stack-url');
  if (url !== undefined) return { stackUrl: requireStackUrl(url) };
  if (stack !== undefined) return { stack };
  const logGroup = group ?? process.env[GROUP_VARIABLE];
  if (logGroup) return { logGroup };
  const stackUrl = `http://127.0.0.1:${DEFAULT_PORT}`;
  if (await isStack(stackUrl)) return { stackUrl };
  throw new UsageError(
    `--log-group is missing, ${GROUP_VARIABLE} is not set, and no local stack runs at ${stackUrl}: ${EXAMPLE}`,
  );
}

async function show(log: RunLog, runId: string, sinceMs: number, { since, svg, json }: Values): Promise<void> {
  const found = await log.find(runId, sinceMs);
  if (!found) {
    throw new Error(
      `no record of run ${runId} was logged in the last ${since}: ask for a longer time with --since, and look whether ` +
        'the agent keeps records of such runs (runRecords); a line takes some seconds to CloudWatch',
    );
  }
  if (svg !== undefined) await writeOutput('--svg', svg, ganttSvg(found));
  process.stdout.write(json ? `${JSON.stringify(found, undefined, 2)}\n` : runText(found));
}

function list(runs: readonly RunSummary[], { since, json }: Values): void {
  if (json) process.stdout.write(`${JSON.stringify(runs, undefined, 2)}\n`);
  else if (runs.length === 0) throw new Error(`no record of a run was logged in the last ${since}`);
  else process.stdout.write(runList(runs));
}
