import { PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { z } from 'zod';
import { graph, model, tool } from '../../../core/graph';
import { TUNER_VARIABLE } from '../../../core/scale/tuner-deployment';
import { publishMetrics } from '../../../lambda/telemetry/metrics';
import { inBatches } from '../../../lambda/tuner/batches';
import type { KeptEntry } from '../../../lambda/tuner/ledger';
import { shapeOf } from '../../../lib/scaling/private/graph-shape';
import { OutputOfProcess } from '../telemetry/output';
import { callOf, nodeOf, recordOf } from '../telemetry/record';
import { deploymentOf, startTuned, type TunedStack } from './tuned-stack';

/** Of one PutMetricData. */
const MOST_METRICS = 1000;

const OBJECTIVE_MS = 1500;
const PLANNER_MS = 200;
const SEARCH_MS = 100;

const io = { input: z.object({}), output: z.any() };
const researcher = graph('researcher', { input: z.object({ question: z.string() }) })
  .plan('research', {
    call: model('planner'),
    tools: [tool('search', io), model('reader')],
    input: ({ input }) => input.question,
  })
  .output(['research'], ({ research }) => research.output);

/** The model of the stack, which tasks call as their reader; planner and search take what they take. */
const { components, ...rest } = deploymentOf();
const { objectiveMs: _, ...reader } = components.writer!;
const deployment = {
  ...rest,
  agents: {
    researcher: {
      functionName: 'local',
      objectiveMs: OBJECTIVE_MS,
      nodes: shapeOf(researcher.definition, (name) => name),
    },
  },
  components: { reader },
};

/** A run whose planner writes another graph each time: every third searches before it reads, and no task has the name of another. */
function runOf(readerMs: number, i: number) {
  const readsAtMs = i % 3 === 0 ? PLANNER_MS + SEARCH_MS : PLANNER_MS;
  const endMs = readsAtMs + readerMs;
  const task = (component: string, startMs: number, end: number) =>
    nodeOf({ component, startMs, endMs: end, calls: [callOf({ startMs, endMs: end })] });
  const nodes = {
    research: nodeOf({ endMs, component: 'planner', calls: [callOf({ endMs: PLANNER_MS })] }),
    ...(i % 3 === 0 && { [`research/found${i}`]: task('search', PLANNER_MS, readsAtMs) }),
    [`research/read${i}`]: task('reader', readsAtMs, endMs),
  };
  return recordOf({ graph: 'researcher', wallMs: endMs, nodes });
}

let stack: TunedStack;
let entries: readonly KeptEntry[];

beforeAll(async () => {
  stack = await startTuned(16);
  stack.environment[TUNER_VARIABLE] = JSON.stringify(deployment);
  for (let minute = 0; minute < 45; minute++) {
    await tell((await stack.load()).map(runOf));
    await stack.tick();
  }
  entries = await stack.table.entries('reader', 0);
});

afterAll(() => stack.stop());

/** What the orchestrator writes of runs, as CloudWatch takes it. */
async function tell(runs: readonly ReturnType<typeof runOf>[]): Promise<void> {
  const output = new OutputOfProcess();
  try {
    for (const run of runs) publishMetrics(run);
  } finally {
    output.restore();
  }
  const data = output.lines.flatMap((line) => {
    const { _aws, ...members } = JSON.parse(line);
    return _aws.CloudWatchMetrics.flatMap(({ Dimensions, Metrics }: any) =>
      Metrics.map(({ Name }: any) => ({
        MetricName: Name,
        Dimensions: Dimensions[0].map((each: string) => ({ Name: each, Value: members[each] })),
        Timestamp: new Date(stack.world.nowMs - 1000),
        Values: [members[Name]].flat(),
      })),
    );
  });
  for (const MetricData of inBatches(data, MOST_METRICS)) {
    await stack.clients.cloudWatch.send(new PutMetricDataCommand({ Namespace: 'CompoundInference', MetricData }));
  }
}

test('a model that only a plan calls gets what the others leave of the objective', () => {
  const { objectiveMs, split, requests } = entries.at(-1)!.entry.seen!;
  expect(split).toMatchObject({ agent: 'researcher', basis: 'proportional' });
  expect(objectiveMs).toBeGreaterThan(OBJECTIVE_MS - PLANNER_MS - 2 * SEARCH_MS);
  expect(objectiveMs).toBeLessThan(OBJECTIVE_MS - PLANNER_MS / 2);
  // Calls of planner and search are none of its own.
  expect(requests % 60).toBe(0);
});

test('it is tuned until whole runs meet the objective', async () => {
  const { TargetValue } = await stack.policy();
  expect(TargetValue).toBeLessThan(9);
  expect(TargetValue).toBeGreaterThan(4);
  const { seen } = entries.at(-1)!.entry;
  expect(seen!.p95Ms).toBeLessThan(OBJECTIVE_MS - PLANNER_MS);
  expect(entries.flatMap(({ entry }) => entry.actions)[0]).toMatchObject({
    action: { type: 'set-target', from: 16 },
    outcome: { status: 'done' },
  });
});
