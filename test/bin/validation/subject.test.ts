import { subjectOf } from '../../../bin/validation/subject';
import { clientOf } from '../../../sim/workload/request-list';
import { tiny } from '../../sim/experiment/tiny-scenario';

test('the first requests of a scenario are still those of their clients: some nodes run for one client alone', () => {
  const clients = [
    { name: 'chat', cv: 1 },
    { name: 'batch', cv: 1 },
  ];
  const scenario = { ...tiny, workload: { ...tiny.workload, clients } };
  const [all, first] = [undefined, 20].map((count) => subjectOf(scenario, 1, 10, count).requests);
  const clientsOf = (requests: typeof all) => Array.from({ length: 20 }, (_, at) => clientOf(requests!, at));
  expect(first!.count).toBe(20);
  expect(clientsOf(first)).toEqual(clientsOf(all));
  expect(new Set(clientsOf(first))).toEqual(new Set(['chat', 'batch']));
});
