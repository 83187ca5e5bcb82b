import type { RunResult } from '../../../core/run/engine';
import type { RunEvent } from '../../../core/run/events';
import type { Problem } from '../problem';
import type { StreamWriter } from '../run-stream';

/** Tells the progress of a run, node by node, and its result at the end. */
export function progressWriter(
  progressToken: string | number,
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
    takesNodeEvents: true,
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
