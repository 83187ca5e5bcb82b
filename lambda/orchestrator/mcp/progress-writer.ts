import type { RunResult } from '../../../core/run/engine';
import type { RunEvent } from '../../../core/run/events';
import type { Problem } from '../problem';
import type { StreamWriter } from '../run-stream';

/** Tells the result of a run at its end; and its progress, node by node, to who has given a token for that. */
export function progressWriter(
  progressToken: string | number | undefined,
  resultJson: (result: RunResult<unknown>) => string,
  failureJson: (problem: Problem) => string,
): StreamWriter {
  let progress = 0;
  const notification = (message: string) => {
    progress += 1;
    const params = { progressToken, progress, message };
    return sent(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/progress', params }));
  };
  return {
    opensAt: 'run',
    takes: ({ type }) => progressToken !== undefined && type !== 'text',
    begin: () => '',
    event: (event) => {
      if (event.type === 'heartbeat') return ': heartbeat\n\n';
      return event.type === 'text' ? '' : notification(messageOf(event));
    },
    output: (_, result) => sent(resultJson(result)),
    error: (problem) => sent(failureJson(problem)),
  };
}

function messageOf(event: Exclude<RunEvent, { type: 'text' }>): string {
  switch (event.type) {
    case 'node.started':
      return `${event.node} started`;
    case 'node.waiting':
      return `${event.node} waits for ${event.component}`;
    case 'node.finished':
      return `${event.node} ${event.status}`;
  }
}

function sent(json: string): string {
  return `event: message\ndata: ${json}\n\n`;
}
