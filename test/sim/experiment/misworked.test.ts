import { RunLog } from '../../../sim/agent/run-log';
import { misworked } from '../../../sim/experiment/misworked';

test('answered requests that count are misworked if their calls asked for more or less than they need', () => {
  const log = new RunLog(5);
  log.tokens.set([7, 10, 11, 9, 1]);
  log.latencyUs.set([1e6, 1e6, 1e6, 1e6, Infinity]);
  const rest = { costUsd: 0, instanceHours: 0, events: 0, series: undefined, cascade: undefined, warmAtStart: {} };
  const needed = Float64Array.of(10, 10, 10, 10, 10);
  expect(misworked({ log, firstScored: 1, ...rest }, needed)).toBe(2);
  expect(misworked({ log, firstScored: 0, ...rest }, needed)).toBe(3);
});
