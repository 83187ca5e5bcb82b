import { type RunReport, serve } from '../../../lambda/orchestrator';
import { workClassOf } from '../../../lambda/orchestrator/work-class';
import { reportRun } from '../../../lambda/telemetry/report';
import { answer, Service } from '../backends/service';
import { OutputOfProcess } from '../telemetry/output';
import { completion, greet, writerAt } from './agents';
import { eventOf, run } from './event';

const workOf = (headers: Record<string, string>) => workClassOf(eventOf({ path: '/agents/greet/runs', headers }));

test('a run is interactive unless its caller says that nobody waits for it', () => {
  expect(workOf({})).toBe('interactive');
  expect(workOf({ 'Compound-Work-Class': 'interactive' })).toBe('interactive');
  expect(workOf({ 'compound-work-class': 'batch' })).toBe('batch');
});

describe('a function', () => {
  let service: Service;
  let reports: RunReport[];
  const handler = () =>
    serve(greet, { config: { bindings: writerAt(service.url) }, onRunEnd: (report) => reports.push(report) });

  beforeEach(async () => {
    reports = [];
    service = await Service.start();
    service.replies(answer(200, completion('Hello.')));
  });

  afterEach(() => service.stop());

  test('refuses a class that there is not, and names those that there are', async () => {
    const detail = 'must be "interactive" or "batch", or be left out, got: "bulk"';
    const { status, body } = await run(handler(), 'greet', { name: 'Ada' }, { 'compound-work-class': 'bulk' });
    expect([status, body]).toMatchObject([
      400,
      {
        detail: `the header compound-work-class ${detail}`,
        errors: [{ field: 'compound-work-class', detail }],
      },
    ]);
    expect(service.received).toEqual([]);
  });

  test('reports and logs that a run was batch work, and says nothing of others', async () => {
    await run(handler(), 'greet', { name: 'Ada' }, { 'compound-work-class': 'batch' });
    await run(handler(), 'greet', { name: 'Ada' });
    const output = new OutputOfProcess();
    for (const report of reports) reportRun(report);
    output.restore();
    const lines = output.lines.map((line) => JSON.parse(line)).filter(({ message }) => message === 'run succeeded');
    expect(lines.map(({ work }) => work)).toEqual(['batch', undefined]);
  });
});
