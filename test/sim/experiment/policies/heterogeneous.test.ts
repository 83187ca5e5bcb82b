import type { AgentModel } from '../../../../sim/agent/agent-model';
import { tunerPolicy } from '../../../../sim/experiment/policies/tuner';
import type { Policy } from '../../../../sim/experiment/policy';
import { simulate } from '../../../../sim/experiment/simulate';
import { HOUR_US, MINUTE_US } from '../../../../sim/kernel/time-units';
import { HIGH_RESOLUTION, inferenceComponent8b, singleGpuFleet } from '../../../../sim/world/presets';
import { requestsOf } from '../../workload/support';

const SECOND_US = 1e6;
const MODELS = ['router', 'detector', 'describer', 'summarizer'] as const;
type Model = (typeof MODELS)[number];

/** Kinds of request, told by what they bring: a part in a thousand of it are calls. */
const TEXT = { promptTokens: 1, outputTokens: 1000 };
const IMAGE = { promptTokens: 1000, outputTokens: 1 };

/** An image is looked at by three detectors and described once, a text is summarized; both are routed. */
const agent: AgentModel = {
  timeoutMs: 600_000,
  nodes: [
    { id: 'route', needs: [], component: 'router', promptTokens: 200, outputTokens: 20 },
    {
      id: 'detect',
      needs: ['route'],
      component: 'detector',
      items: { request: 'promptTokens', times: 0.003 },
      promptTokens: 500,
      outputTokens: 300,
    },
    {
      id: 'describe',
      needs: ['detect'],
      component: 'describer',
      items: { request: 'promptTokens', times: 0.001 },
      promptTokens: 800,
      outputTokens: 450,
    },
    {
      id: 'summarize',
      needs: ['route'],
      component: 'summarizer',
      items: { request: 'outputTokens', times: 0.001 },
      promptTokens: 2000,
      outputTokens: 450,
    },
  ],
};

const BURST = { fromUs: HOUR_US, untilUs: 2 * HOUR_US, factor: 5 };
const CALM_GAP_US = 2 * SECOND_US;

type Row = readonly [arrivalUs: number, promptTokens: number, outputTokens: number];

function* arrivals({ promptTokens, outputTokens }: typeof TEXT, isBursty: boolean): Iterable<Row> {
  for (let atUs = promptTokens; atUs < BURST.untilUs; ) {
    yield [atUs, promptTokens, outputTokens];
    atUs += isBursty && atUs >= BURST.fromUs ? CALM_GAP_US / BURST.factor : CALM_GAP_US;
  }
}

const requests = requestsOf(
  [...arrivals(TEXT, false), ...arrivals(IMAGE, true)].toSorted(([a], [b]) => a - b),
  BURST.untilUs,
);

/** Of a model in a span of time: means of copies and of calls at work, and the highest minimum. */
interface Load {
  readonly copies: number;
  readonly concurrency: number;
  readonly minimum: number;
  /** Of a call, mean. */
  readonly serviceSeconds: number;
}

const TARGET = 4;

/** What each model had while calm, and in the burst once copies have come. */
function live(policies: readonly Policy[]): Record<'calm' | 'burst', Record<Model, Load>> {
  const looks: { atUs: number; models: Omit<Load, 'serviceSeconds'>[] }[] = [];
  const calls: { atUs: number; component: number; latencyUs: number }[] = [];
  const watch: Policy = ({ timeline, world }) => {
    const look = {
      act() {
        const models = MODELS.map((name) => {
          const { autoscaler, pool } = world.models.find((model) => model.name === name)!;
          return { copies: pool.inService, concurrency: pool.concurrency, minimum: autoscaler!.minCopies };
        });
        looks.push({ atUs: timeline.nowUs, models });
        timeline.at(timeline.nowUs + MINUTE_US, look);
      },
    };
    timeline.at(MINUTE_US, look);
    return {
      onCallEnd: (component, latencyUs) => calls.push({ atUs: timeline.nowUs, component, latencyUs }),
    };
  };
  const model = {
    ...inferenceComponent8b,
    scaling: {
      ...inferenceComponent8b.scaling,
      rule: { ...HIGH_RESOLUTION, statistic: 'average' as const },
      minCopies: 1,
      maxCopies: 24,
      targetConcurrency: TARGET,
    },
  };
  simulate({
    scenario: { agent, objective: { p95Ms: 45_000 } },
    world: {
      fleets: { gpu: { ...singleGpuFleet, maxInstances: 96 } },
      components: Object.fromEntries(MODELS.map((name) => [name, model])),
    },
    requests,
    seed: 1,
    scoreFromUs: 0,
    initialCopies: { router: 1, detector: 3, describer: 1, summarizer: 1 },
    policies: [watch, ...policies],
  });
  const over = (fromUs: number, untilUs: number, settledUs = fromUs) => {
    const all = looks.filter(({ atUs }) => atUs >= fromUs && atUs < untilUs).map(({ models }) => models);
    const settled = all.slice((settledUs - fromUs) / MINUTE_US);
    return Object.fromEntries(
      MODELS.map((name, at) => [
        name,
        {
          copies: meanOf(settled.map((models) => models[at]!.copies)),
          concurrency: meanOf(settled.map((models) => models[at]!.concurrency)),
          minimum: Math.max(...all.map((models) => models[at]!.minimum)),
          serviceSeconds: meanOf(
            calls
              .filter(({ component, atUs }) => component === at && atUs >= settledUs && atUs < untilUs)
              .map(({ latencyUs }) => latencyUs / SECOND_US),
          ),
        },
      ]),
    ) as Record<Model, Load>;
  };
  return {
    calm: over(BURST.fromUs - HOUR_US / 2, BURST.fromUs),
    burst: over(BURST.fromUs, BURST.untilUs, BURST.fromUs + HOUR_US / 3),
  };
}

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

const floored = live([tunerPolicy({ mechanisms: { targets: false } })]);
const tuned = live([tunerPolicy()]);
const PATH = ['detector', 'describer'] as const;
const BESIDE = ['router', 'summarizer'] as const;

test.each([
  ['with its floors', floored],
  ['with all that it does', tuned],
])('%s, a burst of one kind of request adds copies on its path only', (_, { calm, burst }) => {
  for (const name of PATH) expect(burst[name].copies).toBeGreaterThan(2 * calm[name].copies);
  for (const name of BESIDE) expect(burst[name].copies).toBe(calm[name].copies);
});

test('on the path, copies follow visits and service times', () => {
  const imagesPerSecond = (BURST.factor * SECOND_US) / CALM_GAP_US;
  const visits = { detector: 3, describer: 1 };
  for (const name of PATH) {
    const { copies, concurrency, serviceSeconds } = floored.burst[name];
    const demand = imagesPerSecond * visits[name] * serviceSeconds;
    expect(concurrency / demand).toBeCloseTo(1, 1);
    expect(Math.round(copies)).toBe(Math.ceil(demand / TARGET));
  }
  const { detector, describer } = floored.burst;
  expect(describer.serviceSeconds).toBeGreaterThan(1.2 * detector.serviceSeconds);
  expect(detector.copies).toBeGreaterThan(1.5 * describer.copies);
});

test('minimums rise where the burst is, and nowhere else', () => {
  expect(floored.burst.describer.minimum).toBeGreaterThan(floored.calm.describer.minimum);
  for (const name of BESIDE) expect(floored.burst[name].minimum).toBe(1);
});
