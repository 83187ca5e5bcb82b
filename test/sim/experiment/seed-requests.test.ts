import { seedRequests } from '../../../sim/experiment/seed-requests';
import { fingerprint } from '../../../sim/workload/fingerprint';
import { synthesize } from '../../../sim/workload/synthesize';
import { tiny } from './tiny-scenario';

test('the cells of a seed share its requests, whichever seeds and scenarios come in between', () => {
  const other = { ...tiny, workload: { ...tiny.workload, meanRatePerSecond: 0.01 } };
  const first = seedRequests(tiny, 1);
  expect(seedRequests(other, 1).requests).not.toEqual(first.requests);
  expect(seedRequests(tiny, 1)).toBe(first);
  expect(seedRequests(tiny, 2).requests).not.toEqual(first.requests);
  expect(seedRequests(tiny, 1)).toEqual(first);
});

test('they are those of the workload, with their fingerprint and what each needs', () => {
  const { requests, fingerprint: print, neededTokens } = seedRequests(tiny, 3);
  expect(requests).toEqual(synthesize(tiny.workload, 3));
  expect(print).toBe(fingerprint(requests));
  expect(neededTokens).toHaveLength(requests.count);
  // Two searches of the request's own tokens, a plan of 400 and 60, an answer to 500 more.
  const own = (request: number) => requests.promptTokens[request]! + requests.outputTokens[request]!;
  expect([...neededTokens]).toEqual(Array.from(neededTokens, (_, request) => 3 * own(request) + 960));
});
