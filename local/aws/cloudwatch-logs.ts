import type { LocalAws } from './local-aws';
import { readFilterPattern } from './log-filter';
import { optionalCount, optionalNumber, optionalString, stringOf } from './read-json';
import { exception, type RpcInput, type RpcService } from './rpc-service';

/** Events of one page (CloudWatch Logs API reference, FilterLogEvents). */
const MAX_PAGE = 10_000;

/** The logs of the functions of agents, each in a group named after its agent, with the newest lines only. */
export const cloudwatchLogs: RpcService = {
  name: 'CloudWatchLogs',
  targetPrefix: 'Logs_20140328',
  operations: new Map([
    ['FilterLogEvents', filterLogEvents],
    ['DescribeLogGroups', describeLogGroups],
  ]),
  rangeError: (message) => exception('InvalidParameterException', message),
};

function filterLogEvents({ logs }: LocalAws, input: RpcInput): object {
  const group = stringOf(input.logGroupName ?? input.logGroupIdentifier, 'logGroupName');
  const events = logs.events(group);
  if (!events) throw exception('ResourceNotFoundException', 'The specified log group does not exist.');
  const fromMs = optionalNumber(input.startTime, 'startTime') ?? 0;
  const toMs = optionalNumber(input.endTime, 'endTime') ?? Infinity;
  const matches = readFilterPattern(optionalString(input.filterPattern, 'filterPattern') ?? '');
  const limit = Math.min(optionalCount(input.limit, 'limit') ?? MAX_PAGE, MAX_PAGE);
  const afterId = Number(optionalString(input.nextToken, 'nextToken') ?? 0);
  if (!Number.isInteger(afterId)) throw new RangeError('The specified nextToken is invalid.');

  const found = events.filter(
    ({ id, atMs, message }) => id > afterId && atMs >= fromMs && atMs < toMs && matches(message),
  );
  const page = found.slice(0, limit);
  return {
    events: page.map(({ id, atMs, message }) => ({
      logStreamName: 'local',
      timestamp: atMs,
      ingestionTime: atMs,
      message,
      eventId: String(id),
    })),
    searchedLogStreams: [],
    ...(page.length < found.length && { nextToken: String(page.at(-1)!.id) }),
  };
}

/** Every match on one page: a local stack has few groups. */
function describeLogGroups({ logs }: LocalAws, input: RpcInput): object {
  const prefix = optionalString(input.logGroupNamePrefix, 'logGroupNamePrefix') ?? '';
  const pattern = optionalString(input.logGroupNamePattern, 'logGroupNamePattern') ?? '';
  const names = logs.groupNames.filter((name) => name.startsWith(prefix) && name.includes(pattern));
  return { logGroups: names.map((logGroupName) => ({ logGroupName })) };
}
