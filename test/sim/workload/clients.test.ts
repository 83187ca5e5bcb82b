import { fingerprint } from '../../../sim/workload/fingerprint';
import { clientOf, type RequestList } from '../../../sim/workload/request-list';
import { scaleRate } from '../../../sim/workload/scale-rate';
import { bootstrapDays, sliceDays } from '../../../sim/workload/span';
import { synthesize } from '../../../sim/workload/synthesize';
import { type SyntheticWorkload, workloadFaults } from '../../../sim/workload/synthetic';

const hours = (first: number, end: number) => Array.from({ length: 24 }, (_, hour) => +(first <= hour && hour < end));

/** Three times as many in the morning as in the evening. */
const SHIFTS: SyntheticWorkload = {
  days: 4,
  meanRatePerSecond: 0.02,
  clients: [
    { name: 'morning', share: 3, cv: 1, hourFactors: hours(6, 12) },
    { name: 'evening', share: 1, cv: 4, hourFactors: hours(18, 24) },
  ],
  promptTokens: 100,
  outputTokens: 10,
};

const clientsOf = (requests: RequestList) =>
  Array.from(requests.arrivalUs, (us, request) => ({
    hour: Math.floor(us / 3600e6) % 24,
    name: clientOf(requests, request),
  }));

/** The share of requests that are not of the client whose day it is. */
function misplaced(requests: RequestList): number {
  const wrong = clientsOf(requests).filter(({ hour, name }) => name !== (hour < 15 ? 'morning' : 'evening'));
  return wrong.length / requests.count;
}

test('each client keeps a day of its own, and its share of the requests', () => {
  const requests = synthesize(SHIFTS, 1);
  expect(misplaced(requests)).toBe(0);
  const mornings = clientsOf(requests).filter(({ name }) => name === 'morning').length;
  expect(mornings / requests.count).toBeGreaterThan(0.7);
  expect(mornings / requests.count).toBeLessThan(0.8);
  expect(requests.count / (4 * 86_400)).toBeCloseTo(0.02, 2);
});

test('clients that share a name are told apart by nobody', () => {
  const [morning, evening] = SHIFTS.clients!;
  const requests = synthesize({ ...SHIFTS, clients: [{ ...morning!, cv: 4 }, morning!, evening!] }, 1);
  expect(requests.clients!.names).toEqual(['morning', 'evening']);
  expect(misplaced(requests)).toBe(0);
});

test('a request stays that of its client in any part of the run, at any rate', () => {
  const requests = synthesize(SHIFTS, 2);
  expect(misplaced(sliceDays(requests, 1, 3))).toBe(0);
  expect(misplaced(bootstrapDays(requests, 3))).toBe(0);
  // Requests are repeated in blocks of twenty, of which one may begin with the last of a shift.
  expect(misplaced(scaleRate(requests, 2, 3))).toBeLessThan(0.02);
});

test('a session is of one client from its first request to its last', () => {
  const sessions = { turns: 3, thinkSeconds: 10 };
  const requests = synthesize({ ...SHIFTS, sessions }, 1);
  for (const name of ['morning', 'evening']) {
    expect(clientsOf(requests).filter((request) => request.name === name).length % 3).toBe(0);
  }
});

test('whose a request is belongs to what a fingerprint tells apart', () => {
  const requests = synthesize(SHIFTS, 1);
  const { names, positions } = requests.clients!;
  const swapped = { ...requests, clients: { names, positions: positions.map((position) => 1 - position) } };
  expect(fingerprint(swapped)).not.toBe(fingerprint(requests));
});

test('clients without names send the same requests as those with', () => {
  const { clients: _clients, ...named } = synthesize(SHIFTS, 1);
  const clients = SHIFTS.clients!.map(({ name: _name, ...client }) => client);
  expect(synthesize({ ...SHIFTS, clients }, 1)).toEqual(named);
});

test.each([
  ['only some have names', [{ name: 'a', cv: 1 }, { cv: 1 }], 'load.clients must all have a name, or none'],
  ['a name of nothing', [{ name: '', cv: 1 }], 'load.clients[0].name must be a text, got: ""'],
  [
    'a day of two hours',
    [{ name: 'a', cv: 1, hourFactors: [1, 2] }],
    'load.clients[0].hourFactors must be a list of 24 numbers, not all of them 0',
  ],
  [
    'more than a byte numbers',
    Array.from({ length: 257 }, (_, at) => ({ name: `c${at}`, cv: 1 })),
    'load.clients must have at most 256 different names, got: 257',
  ],
])('refused: %s', (_, clients, fault) => {
  expect([...workloadFaults('load', { ...SHIFTS, clients })]).toEqual([fault]);
});
