import type { ChatMessage } from '../../graph/chat';
import type { CallError } from '../errors';
import type { ReadPlan } from './plan-reader';
import type { Task } from './tasks';

/** Most characters that a planner is shown of one result. */
const MOST_SHOWN = 4_000;

type Request = { readonly messages: readonly ChatMessage[] };

/**
 * Asks for a plan again, with what is wrong with the last.
 *
 * @param failed of which the planner has been told
 */
export function askToRepair<R extends Request>(
  request: R,
  plan: ReadPlan,
  faults: readonly string[],
  begun: readonly Task[],
  failed: readonly Task[],
): R {
  const ids = begun.map(({ id }) => id);
  const failedIds = new Set(failed.map(({ id }) => id).filter((id) => !ids.includes(id)));
  return answered(request, plan, [
    'Your plan has faults:',
    ...faults.map((fault) => `- ${fault}`),
    ids.length > 0
      ? `These tasks have begun: ${ids.join(', ')}. They can be referred to; do not write them again.`
      : 'No task has begun.',
    ...(failedIds.size > 0
      ? [`These tasks have failed: ${[...failedIds].join(', ')}. They can be referred to only if you write them again.`]
      : []),
    'Answer with the plan without faults, as JSON and nothing else.',
  ]);
}

/** Asks for a further plan, with what came of the tasks so far. */
export function askToGoOn<R extends Request>(request: R, plan: ReadPlan, tasks: readonly Task[]): R {
  return answered(request, plan, [
    'The tasks have ended:',
    ...tasks.map((task) => `- ${task.id}: ${endOf(task, tasks)}`),
    'Answer with a plan of what is still to do, as JSON and nothing else.',
    'Tasks that succeeded can be referred to. What failed or was not run is run if you write it again.',
  ]);
}

function answered<R extends Request>(request: R, { text }: ReadPlan, lines: readonly string[]): R {
  const messages: ChatMessage[] = [
    ...request.messages,
    { role: 'assistant', content: text || '(nothing)' },
    { role: 'user', content: lines.join('\n') },
  ];
  return { ...request, messages };
}

function endOf({ status, needs, error, result }: Task, tasks: readonly Task[]): string {
  if (!error) return resultOf(result);
  if (status !== 'stopped') return failureOf(error);
  const need = tasks.find((each) => each.error && needs.includes(each.id))!;
  return `was not run, because it needs ${need.id}, which did not succeed`;
}

function failureOf({ kind, message }: CallError): string {
  return `failed (${kind}): ${message}`;
}

function resultOf(result: unknown): string {
  return (JSON.stringify(result) ?? 'nothing').slice(0, MOST_SHOWN);
}
